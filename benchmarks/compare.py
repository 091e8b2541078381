#!/usr/bin/env python3
"""Compares a training step of `dept bench` with PyTorch's, alternately, in fresh processes.

    benchmarks/setup.sh
    swift build -c release
    .venv/bin/python benchmarks/compare.py --name t5-small-pt

Writes `benchmarks/results/<name>.md` (a table with ratios) and `<name>.json` (every number).
"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--name", required=True, help="name of the files in benchmarks/results/")
    parser.add_argument("--dept", type=pathlib.Path, default=TOP / ".build/release/dept")
    parser.add_argument("--python", type=pathlib.Path, default=pathlib.Path(sys.executable),
                        help="a Python with torch and transformers (default: this one)")
    parser.add_argument("--backbone", default="t5-small",
                        choices=["t5-small", "t5-base", "t5-large"])
    parser.add_argument("--method", default="pt", choices=["pt", "dept"])
    parser.add_argument("--length", type=int, default=100, help="prompt length of pt")
    parser.add_argument("--prompt-length", type=int, default=40, help="prompt length of dept")
    parser.add_argument("--rank", type=int, default=40, help="rank of dept")
    parser.add_argument("--batch-size", type=int, default=8)
    parser.add_argument("--source-length", type=int, default=256)
    parser.add_argument("--target-length", type=int, default=2)
    parser.add_argument("--dropout", type=float, nargs="+", default=[0.1, 0.0])
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--steps", type=int, default=5, help="timed steps in each process")
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()


def main() -> None:
    options = arguments()
    comparisons = []
    for dropout in options.dropout:
        commands = {"dept": dept_command(options, dropout),
                    "pytorch": pytorch_command(options, dropout)}
        runs: dict[str, list[dict]] = {"dept": [], "pytorch": []}
        for turn in range(options.rounds):
            # Whoever goes first changes from round to round.
            for side in list(commands)[:: 1 if turn % 2 == 0 else -1]:
                runs[side].append(measure(side, commands[side], options.threads))
        comparisons.append({
            "dropout": dropout, "commands": commands, "runs": runs,
            "summary": {side: summary(values) for side, values in runs.items()}})
    record = {"machine": machine(), "threads": options.threads, "rounds": options.rounds,
              "comparisons": comparisons}
    results = HERE / "results"
    results.mkdir(exist_ok=True)
    (results / f"{options.name}.json").write_text(json.dumps(record, indent=1) + "\n")
    page = markdown(options, record)
    (results / f"{options.name}.md").write_text(page)
    print(page)


def dept_command(o: argparse.Namespace, dropout: float) -> list[str]:
    settings = ([f"length={o.length}"] if o.method == "pt" else
                [f"promptLength={o.prompt_length}", f"rank={o.rank}",
                 f"sourceLength={o.source_length}"])
    return [str(o.dept), "bench", "train", "--backbone", o.backbone, "--random",
            "--method", o.method, *[word for s in settings for word in ("--set", s)],
            *shape(o, dropout), "--json"]


def pytorch_command(o: argparse.Namespace, dropout: float) -> list[str]:
    method = (["--length", str(o.length)] if o.method == "pt" else
              ["--prompt-length", str(o.prompt_length), "--rank", str(o.rank)])
    return [str(o.python), str(HERE / "pytorch_step.py"), "--backbone", o.backbone,
            "--method", o.method, *method, *shape(o, dropout), "--threads", str(o.threads)]


def shape(o: argparse.Namespace, dropout: float) -> list[str]:
    return ["--batch-size", str(o.batch_size), "--source-length", str(o.source_length),
            "--target-length", str(o.target_length), "--dropout", str(dropout),
            "--steps", str(o.steps)]


def measure(side: str, command: list[str], threads: int) -> dict:
    """Run one fresh process; its JSON, and the machine's load just before."""
    load = os.getloadavg()[0]
    environment = os.environ | {"DEPT_THREADS": str(threads)}
    done = subprocess.run(command, env=environment, text=True, stdout=subprocess.PIPE)
    if done.returncode != 0:
        sys.exit(f"exit code {done.returncode}: {' '.join(command)}")
    result = json.loads(done.stdout) | {"load_before": load}
    print(f"{side:8} {result['median_seconds']:8.3f} s   load before {load:.2f}",
          file=sys.stderr, flush=True)
    return result


def summary(runs: list[dict]) -> dict:
    return {
        "median_seconds": statistics.median(r["median_seconds"] for r in runs),
        "min_seconds": min(r["min_seconds"] for r in runs),
        "slowest_median_seconds": max(r["median_seconds"] for r in runs),
        "peak_rss_bytes": max(r["peak_rss_bytes"] for r in runs)}


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


def markdown(o: argparse.Namespace, record: dict) -> str:
    m = record["machine"]
    method = (f"prompt tuning, length {o.length}" if o.method == "pt"
              else f"DePT, prompt length {o.prompt_length}, rank {o.rank}")
    python = record["comparisons"][0]["runs"]["pytorch"][0]
    loads = [r["load_before"] for c in record["comparisons"] for s in c["runs"].values() for r in s]
    lines = [
        f"# A training step of {o.backbone}: {method}", "",
        f"Float32, random weights, batch {o.batch_size}, source {o.source_length}, target "
        f"{o.target_length}, {record['threads']} threads on both sides.",
        f"{m['processor']}, {m['cores']} cores, {m['system']}; commit {m['commit']}, {m['date']}.",
        f"PyTorch {python['torch']}, transformers {python['transformers']}, attention "
        f"{python['attention']}.",
        f"{record['rounds']} rounds of {o.steps} steps a side, alternating, each in a fresh "
        f"process; load average before a run: {min(loads):.2f} to {max(loads):.2f}.", "",
        "| dropout | side | median s (slowest round) | min s | peak MB | PyTorch ÷ dept, median "
        "| min | memory |",
        "|---|---|---|---|---|---|---|---|"]
    for c in record["comparisons"]:
        ours, theirs = c["summary"]["dept"], c["summary"]["pytorch"]
        ratios = [theirs[k] / ours[k] for k in ("median_seconds", "min_seconds", "peak_rss_bytes")]
        for side, s, extra in [("dept", ours, [f"**{r:.2f}**" for r in ratios]),
                               ("PyTorch", theirs, ["", "", ""])]:
            lines.append(
                f"| {c['dropout']:g} | {side} | {s['median_seconds']:.3f} "
                f"({s['slowest_median_seconds']:.3f}) | {s['min_seconds']:.3f} "
                f"| {s['peak_rss_bytes'] / 1e6:.0f} | {' | '.join(extra)} |")
    lines += ["", "Commands:", "", "```"]
    for c in record["comparisons"]:
        for side in ("dept", "pytorch"):
            words = [pathlib.Path(w).name if pathlib.Path(w).is_absolute() else w
                     for w in c["commands"][side]]
            lines.append(" ".join(words))
    return "\n".join(lines + ["```", ""])


if __name__ == "__main__":
    main()
