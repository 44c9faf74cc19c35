#!/usr/bin/env bash
# Installs what the programs of this folder need beside Rust: Open MPI, and libclang for its bindings.
set -euo pipefail
as_root=()
[ "$(id -u)" = 0 ] || as_root=(sudo)
"${as_root[@]}" apt-get update -q
"${as_root[@]}" apt-get install -y -q openmpi-bin libopenmpi-dev libclang-dev
