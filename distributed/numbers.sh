#!/usr/bin/env bash
# One fit of logistic regression with a million rows, everywhere: the same bytes, and what they cost. Prints the part of
# RESULTS.md that it measures, and fails where bytes differ. Programs that exist in BIN are not built again.
set -euo pipefail
cd "$(dirname "$0")"
here=$PWD
rows=${ROWS:-1000000}
work=${WORK:-$(mktemp -d)}
bin=${BIN:-$work/bin}
mkdir -p "$bin" "$work"
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 PATH=$bin:$PATH

if [ ! -x "$bin/hesse-mpi" ]; then
    cargo install --quiet --locked --path mpi --root "$work"
fi
if [ ! -x "$bin/hesse-datafusion" ] || [ ! -x "$bin/hesse-ballista" ]; then
    (cd datafusion && cargo build --quiet --release --locked --workspace --example overhead --bins)
    target=$(cd datafusion && cargo metadata --locked --no-deps --format-version 1 \
        | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
    cp "$target"/release/hesse-datafusion "$target"/release/hesse-ballista "$target"/release/examples/overhead "$bin"
fi

cd "$work"
cat > model.hes <<'HES'
param w[10], b
data x[n, 10], t[n]
a[i] = b + sum(k, w[k]*x[i,k])
E = sum(i, softplus(a[i]) - t[i]*a[i]) + 0.01/2*sum(k, w[k]^2)
HES
matrix=x=x0,x1,x2,x3,x4,x5,x6,x7,x8,x9
columns=$(for k in 0 1 2 3 4 5 6 7 8 9; do echo "sin(value * $((k + 3)) * 0.37 + $k) AS x$k,"; done)
quarter=$((rows / 4))
for part in 0 1 2 3; do
    first=$((part * quarter))
    last=$((part == 3 ? rows - 1 : first + quarter - 1))
    select="SELECT value AS row, $columns CAST(sin(value * 1.3) + sin(value * 0.77) + 0.4 * sin(value * 3.33) > 0.1 AS INT) AS t
        FROM generate_series($first, $last)"
    for kind in csv parquet; do
        [ -f "part-$part.$kind" ] \
            || hesse-datafusion query "COPY ($select) TO 'part-$part.$kind'" --partitions 1 > /dev/null
    done
done

fit=(fit model.hes --matrix "$matrix" --from w=0,b=0)
failed=0
same() {
    if cmp -s fit-one.json "$1"; then
        echo "| $2 | same bytes |"
    else
        echo "| $2 | OTHER BYTES |"
        failed=1
    fi
}

# Every rank says how much of the processor it had, waiting included.
timed() {
    rm -f seconds-*
    mpirun --oversubscribe -n "$1" bash -c \
        'TIMEFORMAT=%U; out=$1; shift; { time hesse-mpi "$@" > "$out.$OMPI_COMM_WORLD_RANK" 2> failure.$OMPI_COMM_WORLD_RANK; } 2> seconds-$OMPI_COMM_WORLD_RANK' \
        _ "fit-mpi-$1.json" "${fit[@]}" --data 'part-*.csv'
    cp "fit-mpi-$1.json.0" "fit-mpi-$1.json"
    sort -n seconds-* | tail -1
}

echo "| program | result |"
echo "|---|---|"
one=$(timed 1)
cp fit-mpi-1.json fit-one.json
echo "| \`hesse-mpi\`, 1 process | the reference |"
two=$(timed 2)
same fit-mpi-2.json "\`hesse-mpi\`, 2 ranks"
four=$(timed 4)
same fit-mpi-4.json "\`hesse-mpi\`, 4 ranks"
for partitions in 1 4; do
    for kind in csv parquet; do
        hesse-datafusion "${fit[@]}" --data "part-*.$kind" --partitions $partitions > "fit-$kind-$partitions.json"
        same "fit-$kind-$partitions.json" "\`hesse-datafusion\`, $kind, $partitions partitions"
    done
done
hesse-datafusion "${fit[@]}" --data 'part-*.parquet' --row row --partitions 4 > fit-row.json
same fit-row.json "\`hesse-datafusion\`, a column of row numbers"
"$here"/ballista/lose-an-executor.sh "$work" "${fit[@]}" --data "$work/part-*.parquet" --row row
same fit-ballista-two.json "\`hesse-ballista\`, 2 executors"
same fit-ballista-lost.json "\`hesse-ballista\`, one of 2 executors killed in the middle"
echo
echo "| ranks | processor time of the busiest rank | of one rank's |"
echo "|---|---|---|"
for pair in "1 $one" "2 $two" "4 $four"; do
    read -r ranks seconds <<< "$pair"
    awk -v r="$ranks" -v s="$seconds" -v o="$one" 'BEGIN { printf "| %d | %.2f s | 1/%.2f |\n", r, s, o / s }'
done
echo
overhead model.hes "$work/part-*.parquet" "$matrix" w=0.1,b=0 5
exit $failed
