#!/bin/sh
# Compares time and error with pyfair on one shared model. Needs python3 and a package index; pyfair is installed into a
# folder of its own, for this benchmark only. Usage: benches/pyfair/compare.sh target/release/wardkeep
set -eu
program=${1:?name the wardkeep program}
here=$(cd "$(dirname "$0")" && pwd)
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet pyfair
"$place/venv/bin/python" "$here/compare.py" "$program" "$place"
