#!/usr/bin/env python3
"""Compares steps of `dept bench` with PyTorch's, alternately, in fresh processes.

    benchmarks/setup.sh && swift build -c release --product dept
    .venv/bin/python benchmarks/compare.py                   # every row of matrix.py
    .venv/bin/python benchmarks/compare.py --quick           # one step of each: does it work?
    .venv/bin/python benchmarks/compare.py t5-small-pt       # rows by name

Each row leaves `results/<name>.md`, a table with ratios, and `results/<name>.json`, every number.
A quick run leaves them in `results/quick/`, which git ignores: its numbers mean little.
"""

import argparse
import dataclasses
import datetime
import json
import os
import pathlib
import platform
import subprocess
import sys

from matrix import ROWS, Row, Side
from page import page

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent
# What keeps the libraries behind PyTorch from AMX.
WITHOUT_MATRIX_UNIT = {"ONEDNN_MAX_CPU_ISA": "AVX512_CORE_BF16",
                       "MKL_ENABLE_INSTRUCTIONS": "AVX512_E3"}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rows", nargs="*", metavar="ROW", help=", ".join(r.name for r in ROWS))
    parser.add_argument("--quick", action="store_true", help="one round of one step")
    parser.add_argument("--dept", type=pathlib.Path, default=TOP / ".build/release/dept")
    parser.add_argument("--python", type=pathlib.Path, default=pathlib.Path(sys.executable),
                        help="a Python with torch and transformers (default: this one)")
    parser.add_argument("--attention", default="faster",
                        choices=["faster", "default", "eager", "sdpa"],
                        help="PyTorch's; faster: eager or transformers' default, by a trial; of "
                        "the others results go to results/ATTENTION/")
    parser.add_argument("--trainable", default="float32", choices=["float32", "bfloat16"],
                        help="type of PyTorch's trainable tensors beside a bfloat16 model")
    parser.add_argument("--products", metavar="WAY",
                        help="how dept multiplies bfloat16 (pairs, half-precision or widened), as "
                        "on a processor without a matrix unit, which PyTorch does without as "
                        "well; results go to results/WAY/")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--steps", type=int, default=3, help="measured steps in each process")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    unknown = set(options.rows) - {row.name for row in ROWS}
    if unknown:
        parser.error(f"there is no row {', '.join(sorted(unknown))}; see --help")
    if options.quick:
        options.steps = options.rounds = 1
    return options


def main() -> None:
    options = arguments()
    attention = options.attention if options.attention != "faster" else ""
    results = (HERE / "results" / ("quick" if options.quick else "") / (options.products or "")
               / attention)
    results.mkdir(parents=True, exist_ok=True)
    for row in ROWS:
        if options.rows and row.name not in options.rows:
            continue
        print(f"# {row.title}", file=sys.stderr, flush=True)
        sides = compare(row, options)
        record = {"machine": machine(), "threads": options.threads, "rounds": options.rounds,
                  "steps": options.steps, "trainable": options.trainable,
                  "products": options.products}
        numbers = record | {"sides": [dataclasses.asdict(side) for side in sides]}
        text = json.dumps(numbers, indent=1).replace(f"{TOP}/", "")
        (results / f"{row.name}.json").write_text(text + "\n")
        text = page(row, sides, record)
        (results / f"{row.name}.md").write_text(text)
        print(text, flush=True)


def compare(row: Row, options: argparse.Namespace) -> list[Side]:
    sides = row.sides()
    for side in sides:
        if side.engine == "PyTorch":
            choose_attention(row, side, options)
        side.command = row.command(side, options)
    for turn in range(options.rounds):
        # Whoever goes first changes from round to round.
        for side in sides[:: 1 if turn % 2 == 0 else -1]:
            side.runs.append(measure(side, side.command, options))
    return sides


def choose_attention(row: Row, side: Side, options: argparse.Namespace) -> None:
    side.attention = options.attention
    if options.attention != "faster":
        return
    for attention in ("eager", "default"):
        side.attention = attention
        trial = argparse.Namespace(**vars(options) | {"steps": 1})
        side.probes[attention] = measure(side, row.command(side, trial), options)["min_seconds"]
    side.attention = min(side.probes, key=side.probes.get)


def measure(side: Side, command: list[str], options: argparse.Namespace) -> dict:
    """Run one fresh process; its JSON, and the machine's load just before."""
    load = os.getloadavg()[0]
    environment = os.environ | {"DEPT_THREADS": str(options.threads)}
    if options.products:
        environment |= WITHOUT_MATRIX_UNIT
    done = subprocess.run(command, env=environment, text=True, stdout=subprocess.PIPE)
    if done.returncode != 0:
        sys.exit(f"exit code {done.returncode}: {' '.join(command)}")
    result = json.loads(done.stdout) | {"load_before": load}
    name = f"{side.engine} {side.precision} {side.attention}"
    print(f"{name:26} {result['median_seconds']:8.3f} s {result['peak_rss_bytes'] / 1e6:6.0f} MB"
          f"   load before {load:.2f}", file=sys.stderr, flush=True)
    return result


def machine() -> dict:
    model = platform.processor() or platform.machine()
    try:
        for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    except OSError:
        pass
    commit = subprocess.run(["git", "-C", str(TOP), "describe", "--always", "--dirty"],
                            capture_output=True, text=True).stdout.strip()
    return {"processor": model, "cores": len(os.sched_getaffinity(0)),
            "system": platform.platform(), "commit": commit,
            "date": datetime.date.today().isoformat()}


if __name__ == "__main__":
    main()
