#!/usr/bin/env bash
# Formatting, lints and tests of the workspaces of this folder, and the numbers of RESULTS.md. All steps run; the exit
# code is the verdict, which is also written to verdict.md, or to the file VERDICT, in the form of RESULTS.md. Needs
# install.sh once. `check.sh mpi` checks one workspace alone, `check.sh numbers` the numbers.
set -uo pipefail
cd "$(dirname "$0")" || exit 1
export CARGO_TERM_COLOR=never
verdict=${VERDICT:-$PWD/verdict.md}
# What was checked is what was there at the beginning.
commit=$(git log -1 --abbrev=12 --format='%h of %cs' 2> /dev/null || echo unknown)
[ -z "$(git status --porcelain 2> /dev/null)" ] || commit="$commit, with changes that are not committed"
start=$(date -u +%F)
steps=()
outcome=passed

# step NAME FOLDER COMMAND…
step() {
    local name=$1 folder=$2 code
    shift 2
    echo "== $name: $*"
    (cd "$folder" && "$@")
    code=$?
    steps+=("| $name | \`$*\` | $code |")
    [ "$code" = 0 ] || outcome=failed
}

for workspace in fits mpi datafusion; do
    [ "$#" = 0 ] || [[ " $* " = *" $workspace "* ]] || continue
    step "$workspace" "$workspace" cargo fmt --all --check
    step "$workspace" "$workspace" cargo clippy --workspace --all-targets --locked -- -D warnings
    step "$workspace" "$workspace" cargo test --workspace --locked
done
if [ "$#" = 0 ] || [[ " $* " = *" numbers "* ]]; then
    step numbers . ./numbers.sh
fi
{
    echo "Commit $commit, checked on $start: **$outcome**."
    echo
    echo "| | step | exit code |"
    echo "|---|---|--:|"
    printf '%s\n' "${steps[@]}"
} > "$verdict"
echo "== verdict, in $verdict"
cat "$verdict"
[ "$outcome" = passed ]
