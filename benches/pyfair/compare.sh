#!/bin/sh
# Every figure of the engine's benchmark, with pyfair on the shared model in the same run. Needs python3 and a package
# index: pyfair goes into a folder of its own, for this benchmark only.
# Usage: benches/pyfair/compare.sh [--json]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet pyfair
cd "$here/../.."
cargo run --quiet --release -p wardkeep-risk --example bench -- --pyfair "$place/venv/bin/python" "$@"
