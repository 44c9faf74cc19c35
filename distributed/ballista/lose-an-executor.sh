#!/usr/bin/env bash
# Fits on a scheduler and two executors, each a process of its own on loopback, twice: once in peace, once with one
# executor killed after the first accepted step. Leaves fit-ballista-two.json and fit-ballista-lost.json in the folder
# given; the rest of the arguments is the question. `hesse-ballista` has to be on the PATH.
set -euo pipefail
work=$1
shift
cd "$work"
port=${PORT:-50950}
processes=()
trap 'kill "${processes[@]}" 2> /dev/null || true' EXIT

start() {
    "$@" > "$work/$name.log" 2>&1 &
    processes+=($!)
}

# A port is open as soon as a connection to it succeeds.
wait_for() {
    for _ in $(seq 600); do
        (exec 3<> "/dev/tcp/127.0.0.1/$1") 2> /dev/null && return
        sleep 0.1
    done
    echo "nothing listens at port $1" >&2
    exit 1
}

name=scheduler start hesse-ballista scheduler --port "$port"
wait_for "$port"
for executor in 1 2; do
    name=executor-$executor start hesse-ballista executor --scheduler "127.0.0.1:$port" \
        --port $((port + 10 * executor)) --grpc-port $((port + 10 * executor + 1)) --work "$(mktemp -d -p "$work")"
    wait_for $((port + 10 * executor))
done
on=(hesse-ballista on "127.0.0.1:$port" --partitions 4)

"${on[@]}" "$@" > fit-ballista-two.json

rm -f checkpoint.json
"${on[@]}" "$@" --checkpoint checkpoint.json > fit-ballista-lost.json &
fit=$!
# The first checkpoint is the start, the next one the first step that was accepted.
first=
while kill -0 "$fit" 2> /dev/null; do
    now=$(cksum checkpoint.json 2> /dev/null) || now=
    first=${first:-$now}
    [ "$now" = "$first" ] || break
    sleep 0.05
done
kill -9 "${processes[2]}"
if ! kill -0 "$fit" 2> /dev/null; then
    echo "the fit was over before the executor was killed: give it more rows" >&2
    exit 1
fi
wait "$fit"
