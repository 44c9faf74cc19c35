#!/usr/bin/env bash
# Formatting, lints and tests of the workspaces of this folder; the exit code is the verdict. Needs install.sh once.
set -euo pipefail
cd "$(dirname "$0")"
export CARGO_TERM_COLOR=never

step() {
    echo "== $*"
    "$@"
}

for workspace in */; do
    [ -f "$workspace/Cargo.toml" ] || continue
    echo "== $workspace"
    pushd "$workspace" > /dev/null
    step cargo fmt --all --check
    step cargo clippy --all-targets --locked -- -D warnings
    step cargo test --locked
    popd > /dev/null
done
