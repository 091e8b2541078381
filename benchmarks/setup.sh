#!/bin/sh
# Makes the Python environment that a comparison needs.
#
#   benchmarks/setup.sh                 with PyTorch: .venv/ at the top of the checkout
#   benchmarks/setup.sh FOLDER [FILE]   another folder; other requirements than requirements.txt
#
# Prints the path of its Python at the end. Nothing outside FOLDER is changed.
set -eu
here=$(dirname "$0")
folder=${1:-$here/../.venv}
requirements=${2:-$here/requirements.txt}
python3 -m venv "$folder"
"$folder/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements"
"$folder/bin/python" -c 'import importlib.metadata as packages, sys
for line in open(sys.argv[1]):
    name = line.split("==")[0].strip()
    if name and not name.startswith("-"):
        print(name, packages.version(name))
print(sys.executable)' "$requirements"
