#!/usr/bin/env python3
"""Measures the store, the scheduler and plans beside MLflow, Optuna and trackio, in one run.

    benchmarks/setup.sh .venv-store benchmarks/store-requirements.txt
    swift build -c release --product dept
    .venv-store/bin/python benchmarks/store.py             # about ten minutes on a quiet machine
    .venv-store/bin/python benchmarks/store.py --quick     # small sizes, one round: does it work?

Leaves results/store.md, a table with the goal beside each figure, and results/store.json, every
number of every round. A quick run leaves them in results/quick/, which git ignores.
"""

import argparse
import datetime
import importlib.metadata
import json
import os
import pathlib
import platform
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

from store_page import page

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent
TOOLS = ("mlflow", "optuna", "trackio")
#          rounds, calls, ingested, in each of 8, trials, runs, history points, deleted points
FULL = dict(rounds=5, calls=300, crash=300, ingest=20_000, optuna_ingest=500, each=2_000,
            optuna_each=50, size=20_000, optuna_size=500, trials=200, idle=1_000, runs=10_000,
            history=1_000_000, delete=500_000)
QUICK = dict(rounds=1, calls=20, crash=50, ingest=2_000, optuna_ingest=20, each=100,
             optuna_each=3, size=2_000, optuna_size=20, trials=10, idle=50, runs=300, history=20_000,
             delete=10_000)


class Bench:
    """Everything measured so far; `rounds[row]` is a list of dictionaries, one a round."""

    def __init__(self, options, scratch: pathlib.Path):
        self.dept, self.scratch = options.dept.resolve(), scratch
        self.sizes = dict(QUICK if options.quick else FULL)
        if options.rounds:
            self.sizes["rounds"] = options.rounds
        self.rounds: dict[str, list[dict]] = {}
        self.notes: list[str] = []
        self.loads: list[float] = []
        self.folders = 0
        self.template: pathlib.Path | None = None
        self.begin = time.monotonic()

    def say(self, text: str) -> None:
        print(f"{time.monotonic() - self.begin:5.0f} s  {text}", file=sys.stderr, flush=True)

    def folder(self) -> pathlib.Path:
        self.folders += 1
        path = self.scratch / str(self.folders)
        path.mkdir()
        return path

    def add(self, row: str, who: str, value) -> None:
        """Beside what others gave in the same round."""
        rounds = self.rounds.setdefault(row, [])
        if not rounds or who in rounds[-1]:
            rounds.append({})
        rounds[-1][who] = value

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def late(self, limit: float) -> bool:
        """Whether so many seconds have passed that no further round is begun."""
        if time.monotonic() - self.begin < limit or "--rounds" in sys.argv:
            return False
        self.note("some rounds were left out, because the machine was slow")
        return True

    # Processes

    def fresh(self, tool: str, folder: pathlib.Path) -> None:
        """Gives MLflow an empty database: its own first use of one takes seconds."""
        if tool != "mlflow" or (folder / "mlflow.db").exists():
            return
        if self.template is None:
            self.template = self.folder() / "mlflow.db"
            subprocess.run(
                [sys.executable, str(HERE / "store_tools.py"), tool, "nothing",
                 str(self.template.parent)], capture_output=True, cwd=self.template.parent)
        if self.template.exists():
            shutil.copy(self.template, folder / "mlflow.db")

    def tool(self, tool: str, workload: str, folder: pathlib.Path, count: int = 0) -> dict | None:
        """The JSON of one workload of another tracker; `None` after a note where it failed."""
        self.fresh(tool, folder)
        self.loads.append(os.getloadavg()[0])
        command = [sys.executable, str(HERE / "store_tools.py"), tool, workload, str(folder),
                   str(count)]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, cwd=folder, timeout=300)
        except subprocess.TimeoutExpired:
            self.note(f"{tool} {workload}: left out, it took more than five minutes")
            return None
        lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
        if lines and (done.returncode == 0 or workload == "crash"):
            return json.loads(lines[-1])
        reason = (done.stderr.strip().splitlines() or ["no message"])[-1]
        self.note(f"{tool} {workload}: exit code {done.returncode}: {reason}")
        return None

    def ours(self, *words: str) -> dict | None:
        """The JSON of a benchmark of `dept`; `None` after a note where there is none."""
        self.loads.append(os.getloadavg()[0])
        folder = self.folder()
        environment = os.environ | {"DEPT_HOME": str(folder / "home")}
        command = f"dept {' '.join(words)}"
        try:
            done = subprocess.run(
                [str(self.dept), *words], capture_output=True, text=True, cwd=folder,
                env=environment, timeout=600)
            if done.returncode == 0:
                return json.loads(done.stdout)
            lines = done.stderr.strip().splitlines() or ["no message"]
            reason = f"exit code {done.returncode}: {lines[0]}"
        except FileNotFoundError:
            reason = f"there is no {self.dept.name}; build it"
        except subprocess.TimeoutExpired:
            reason = "it took more than ten minutes"
        except json.JSONDecodeError:
            reason = "what it printed is no JSON"
        self.note(f"{command}: left out ({reason})")
        return None

    # Rows

    def store(self) -> None:
        """Logging, ingest, size, history and deletion of ours, and logging of all others."""
        order = list(TOOLS)
        for number in range(self.sizes["rounds"]):
            if number > 0 and self.late(200):
                break
            self.say(f"logging, round {number + 1}")
            who = ["dept", *order] if number % 2 == 0 else [*reversed(order), "dept"]
            for name in who:
                if name == "dept":
                    self.own_store()
                    continue
                found = self.tool(name, "log", self.folder(), self.sizes["calls"])
                for p in (50, 95, 99) if found else ():
                    self.add(f"log_p{p}", name, found[f"ns_p{p}"])

    def own_store(self) -> None:
        if self.rounds.get("own store failed"):
            return
        words = ["bench", "store", "--json"]
        found = self.ours(*words)
        if found is None:
            self.rounds["own store failed"] = [{}]
            return
        rows = {"log_p50": "log_ns_p50", "log_p95": "log_ns_p95", "log_p99": "log_ns_p99",
                "ingest": "ingest_points_per_second",
                "ingest_8": "ingest_8_processes_points_per_second", "size": "bytes_per_point",
                "history": "history_ms", "delete_seconds": "delete_seconds",
                "delete_bytes": "delete_peak_bytes"}
        for row, key in rows.items():
            if key in found:
                self.add(row, "dept", found[key])
        if "acknowledged" in found:
            self.add("crash", "dept", {k: found[k] for k in ("acknowledged", "survived")})

    def crash(self) -> None:
        for name in TOOLS:
            self.say(f"{name} is killed")
            folder = self.folder()
            before = self.tool(name, "crash", folder, self.sizes["crash"])
            after = self.tool(name, "survivors", folder)
            if before and after:
                self.add("crash", name, before | after)

    def ingest(self) -> None:
        for name in TOOLS:
            self.say(f"ingest of {name}")
            prefix = "optuna_" if name == "optuna" else ""
            found = self.tool(name, "ingest", self.folder(), self.sizes[prefix + "ingest"])
            if found:
                self.add("ingest", name, found["points"] / found["seconds"])
            found = self.tool(name, "size", self.folder(), self.sizes[prefix + "size"])
            if found:
                self.add("size", name, found["bytes_per_point"])
            self.at_once(name, self.sizes[prefix + "each"])

    def at_once(self, name: str, count: int) -> None:
        """Eight processes on one store; the time of the slowest, start-up left out."""
        folder = self.folder()
        self.tool(name, "nothing", folder)
        command = [sys.executable, str(HERE / "store_tools.py"), name, "ingest", str(folder),
                   str(count)]
        running = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                    text=True, cwd=folder) for _ in range(8)]
        seconds, failed = [], 0
        for process in running:
            output, _ = process.communicate()
            lines = [line for line in output.splitlines() if line.startswith("{")]
            if process.returncode == 0 and lines:
                seconds.append(json.loads(lines[-1])["seconds"])
            else:
                failed += 1
        if failed:
            self.note(f"{name}: {failed} of 8 processes that logged at once ended with an error")
        if seconds:
            self.add("ingest_8", name, len(seconds) * count / max(seconds))

    def scheduler(self) -> None:
        for number in range(min(3, self.sizes["rounds"])):
            if number > 0 and self.late(400):
                break
            self.say(f"scheduler, round {number + 1}")
            for name in ("dept", "optuna") if number % 2 == 0 else ("optuna", "dept"):
                if name == "optuna":
                    found = self.tool(name, "trials", self.folder(), self.sizes["trials"])
                    if found:
                        self.add("scheduler", name, found["ms_per_run"])
                elif (milliseconds := self.overhead()) is not None:
                    self.add("scheduler", name, milliseconds)

    def overhead(self) -> float | None:
        """Milliseconds of ours for each run that succeeds at once, as scheduler-overhead.sh."""
        self.loads.append(os.getloadavg()[0])
        program = self.dept.parent / "TestWorker"
        try:
            done = subprocess.run(
                [program, "overhead", str(self.folder()), str(self.sizes["idle"])],
                capture_output=True, text=True, timeout=300)
        except (FileNotFoundError, subprocess.TimeoutExpired) as problem:
            self.note(f"the scheduler's overhead: left out ({problem})")
            return None
        found = re.search(r"overhead: ([0-9.e-]+) seconds a run", done.stdout)
        if done.returncode != 0 or not found:
            self.note(f"the scheduler's overhead: left out (exit code {done.returncode})")
            return None
        return float(found[1]) * 1000

    def plan(self) -> None:
        for number in range(min(3, self.sizes["rounds"])):
            if number > 0 and self.late(450):
                break
            self.say(f"plan, round {number + 1}")
            found = self.ours("bench", "plan", "--json")
            if found is None:
                return
            self.add("plan", "dept", found["plan_100000_seconds"])

    def listing(self) -> None:
        self.say("a database of MLflow with many runs is made")
        folder = self.folder()
        self.tool("mlflow", "seed_runs", folder, self.sizes["runs"])
        for number in range(min(3, self.sizes["rounds"])):
            if number > 0 and self.late(500):
                break
            self.say(f"listing, round {number + 1}")
            found = self.ours("bench", "listing", "--json")
            if found:
                self.add("list", "dept", found["list_10000_ms"])
                self.add("sort", "dept", found["sort_10000_ms"])
            found = self.tool("mlflow", "search", folder)
            if found:
                self.add("list", "mlflow", found["list_ms"])
                self.add("sort", "mlflow", found["sort_ms"])

    def history(self) -> None:
        self.say("a database of MLflow with many points is made")
        folder = self.folder()
        self.tool("mlflow", "seed_points", folder, self.sizes["history"])
        for number in range(min(3, self.sizes["rounds"])):
            if number > 0 and self.late(540):
                break
            self.say(f"history, round {number + 1}")
            found = self.tool("mlflow", "history", folder)
            if found:
                self.add("mlflow history", "mlflow", found["history_ms"])

    def delete(self) -> None:
        self.say("a run of MLflow is deleted")
        folder = self.folder()
        self.tool("mlflow", "seed_deletion", folder, self.sizes["delete"])
        found = self.tool("mlflow", "delete", folder)
        if found:
            self.add("mlflow delete", "mlflow", found)


def machine() -> dict:
    def output(*words: str) -> str:
        try:
            return subprocess.run(words, capture_output=True, text=True).stdout.strip()
        except OSError:
            return ""
    processor = next(
        (line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo")
         if line.startswith("model name")), platform.machine()) if os.path.exists(
             "/proc/cpuinfo") else platform.machine()
    dirty = "-dirty" if output("git", "-C", str(TOP), "status", "--porcelain") else ""
    return {
        "processor": processor, "cores": len(os.sched_getaffinity(0)),
        "system": platform.platform(),
        "file_system": output("findmnt", "-n", "-o", "FSTYPE", "-T", tempfile.gettempdir()),
        "commit": output("git", "-C", str(TOP), "rev-parse", "--short", "HEAD") + dirty,
        "date": datetime.date.today().isoformat(), "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "versions": {name: importlib.metadata.version(name) for name in TOOLS}}


ROWS = ("store", "crash", "ingest", "scheduler", "plan", "listing", "history", "delete")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rows", nargs="*", metavar="ROW", help=", ".join(ROWS))
    parser.add_argument("--quick", action="store_true", help="small sizes and one round")
    parser.add_argument("--rounds", type=int, help="of what is compared call by call (default: 5)")
    parser.add_argument("--dept", type=pathlib.Path, default=TOP / ".build/release/dept")
    options = parser.parse_args()
    unknown = set(options.rows) - set(ROWS)
    if unknown:
        parser.error(f"there is no row {', '.join(sorted(unknown))}; see --help")
    results = HERE / "results" / ("quick" if options.quick else "")
    results.mkdir(parents=True, exist_ok=True)
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="dept-bench-store-"))
    try:
        bench = Bench(options, scratch)
        for row in ROWS:
            if not options.rows or row in options.rows:
                getattr(bench, row)()
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    bench.rounds.pop("own store failed", None)
    record = {"machine": machine(), "sizes": bench.sizes, "rounds": bench.rounds,
              "notes": bench.notes, "load": [min(bench.loads), max(bench.loads)],
              "seconds": round(time.monotonic() - bench.begin)}
    (results / "store.json").write_text(json.dumps(record, indent=1) + "\n")
    text = page(record)
    (results / "store.md").write_text(text)
    print(text)


if __name__ == "__main__":
    main()
