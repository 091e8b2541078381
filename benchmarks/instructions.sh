#!/bin/sh
# Counts the instructions of a small fixed training step and compares them with a recorded number:
# unlike time, they do not depend on what else the machine does.
#
#   benchmarks/instructions.sh             exit code 1 if the count has moved by more than 3 %
#   benchmarks/instructions.sh --record    keeps the count as the number to compare with
#
# Needs valgrind (`apt-get install valgrind`) and `make build`. Valgrind knows no AVX-512, so these
# are the instructions of the portable path: Swift, our own loops and OpenBLAS's AVX2 products.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
record=$here/instructions.txt
tolerance=${TOLERANCE:-3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Without debugging information, whose newer forms Valgrind cannot read.
strip -g -o "$folder/dept" "$here/../.build/release/dept"

# The entry of the function that carries out a step switches counting on, its end off.
export DEPT_THREADS=1 OPENBLAS_NUM_THREADS=1 OPENBLAS_CORETYPE=Haswell SWIFT_DETERMINISTIC_HASHING=1
valgrind --tool=callgrind \
  --callgrind-out-file=/dev/null --toggle-collect='*StepBenchmark*carryOut*' \
  "$folder/dept" bench train --backbone nano --method dept --set promptLength=10 --set rank=8 \
  --set sourceLength=48 --batch-size 4 --source-length 48 --dropout 0.1 --steps 1 --no-peak \
  --json > "$folder/output" 2> "$folder/log" || { cat "$folder/log" >&2; exit 2; }
count=$(sed -n 's/.*Collected : *\([0-9]*\).*/\1/p' "$folder/log")
if [ "${count:-0}" -eq 0 ]; then
  echo "Nothing was counted; is the program stripped, or the function inlined?" >&2
  exit 2
fi
if [ "${1:-}" = --record ]; then
  echo "$count" > "$record"
fi
awk -v now="$count" -v before="$(cat "$record")" -v tolerance="$tolerance" 'BEGIN {
  change = 100 * (now / before - 1)
  printf "%d instructions in three steps, %d recorded: %+.2f %%\n", now, before, change
  exit (change > tolerance || change < -tolerance) ? 1 : 0
}'
