#!/usr/bin/env bash
# Formatting, lints and tests of the workspaces of this folder, and the numbers of RESULTS.md; the exit code is the
# verdict. Needs install.sh once. `check.sh mpi` checks one workspace alone, `check.sh numbers` the numbers.
set -euo pipefail
cd "$(dirname "$0")"
export CARGO_TERM_COLOR=never

step() {
    echo "== $*"
    "$@"
}

for workspace in fits mpi datafusion; do
    [ "$#" = 0 ] || [[ " $* " = *" $workspace "* ]] || continue
    echo "== $workspace"
    pushd "$workspace" > /dev/null
    step cargo fmt --all --check
    step cargo clippy --workspace --all-targets --locked -- -D warnings
    step cargo test --workspace --locked
    popd > /dev/null
done
if [ "$#" = 0 ] || [[ " $* " = *" numbers "* ]]; then
    step ./numbers.sh
fi
