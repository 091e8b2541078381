#!/bin/sh
# Makes the Python environment that the comparison with PyTorch needs.
#
#   benchmarks/setup.sh [FOLDER]        default: .venv/ at the top of the checkout, which git ignores
#
# Prints the path of its Python at the end. Nothing outside FOLDER is changed.
set -eu
here=$(dirname "$0")
folder=${1:-$here/../.venv}
python3 -m venv "$folder"
"$folder/bin/pip" install --quiet --disable-pip-version-check --requirement "$here/requirements.txt"
"$folder/bin/python" -c 'import torch, transformers, sys
print("torch", torch.__version__, "transformers", transformers.__version__)
print(sys.executable)'
