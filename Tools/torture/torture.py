#!/usr/bin/env python3
"""Kills a sweep again and again, and checks that nothing is lost and nothing differs.

    python3 Tools/torture/torture.py --kills 200
    python3 Tools/torture/torture.py --mode full-disk --kills 40
    python3 Tools/torture/torture.py --mode power-cut --kills 40

A sweep of short real runs is carried out twice: undisturbed in one home, and in another while the
scheduler, its workers or both are killed at random moments (`kill`), the disk is filled up
(`full-disk`), or everything is killed and what was being written loses its end (`power-cut`). Then
both homes must hold the same: every run succeeded once, every point of every journal is in the
store, scores, curves and adapters are equal bit for bit.

What a power cut is taken to do. What was written before an fsync that has returned is there
afterwards, and a file that was renamed after one is whole. Of anything later, each file may have
lost any of it, on its own. A journal ends at any byte after the place that it was last synchronised
at, or has a page of zeros there before pages that were written; it is synchronised before a
checkpoint is written and when its attempt ends, so all before its last line `checkpoint` is safe.
SQLite's write-ahead log ends at any byte after the frames that SQLite has begun to move into the
store, before which it synchronises them; it does not wait for the disk with each transaction.

Python's standard library only. Exit code 0: all is well; 1: something is not.
"""
import argparse
import hashlib
import json
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DISK = 96 << 20

SWEEP = """import Dept

@main struct Torture: Experiment {{
  var plan: Plan {{
    Run(LoRA(rank: 2), on: .genSentiment, with: "./tiny")
      .steps({steps}).batchSize(2).evaluate(every: 5, limit: 4).seeds(1...{runs})
  }}
}}
"""


def processes():
    """Pairs of process and parent, of all processes."""
    pairs = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat") as file:
                    fields = file.read().rsplit(")", 1)[1].split()
                if fields[0] not in "ZX":
                    pairs.append((int(name), int(fields[1])))
            except (OSError, IndexError):
                pass
    return pairs


def kill(pid):
    try:
        os.kill(pid, signal.SIGKILL)
        return True
    except ProcessLookupError:
        return False


class Sweep:
    """The sweep in one home."""

    def __init__(self, options, home):
        self.options, self.home = options, home
        self.folder = options.scratch
        self.log = open(os.path.join(options.scratch, "dept.log"), "ab")

    def start(self, limit=None):
        def bound():
            if limit:
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        return subprocess.Popen(
            [self.options.dept, "run", self.options.file, "--no-report", "--json",
             "--jobs", str(self.options.jobs), "--home", self.home],
            cwd=self.folder, stdout=subprocess.DEVNULL, stderr=self.log, preexec_fn=bound)

    def plan(self):
        """The plan, as JSON."""
        return subprocess.run(
            [self.options.dept, "plan", self.options.file, "--json", "--home", self.home],
            cwd=self.folder, stderr=self.log, stdout=subprocess.PIPE, check=True).stdout

    def workers(self, scheduler):
        return [pid for pid, parent in processes() if parent == scheduler]

    def ask(self, sql, values=()):
        """The rows of a query; the connection is closed, or it would keep files that are cut."""
        connection = sqlite3.connect(f"file:{self.home}/store.sqlite?mode=ro", uri=True, timeout=10)
        try:
            connection.execute("PRAGMA query_only = 1")
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()

    def runs(self):
        """What the store has of each run, by its seed."""
        listed = subprocess.run(
            [self.options.dept, "runs", "list", "--json", "--home", self.home],
            cwd=self.folder, capture_output=True, check=True).stdout
        return {run["seed"]: run for run in json.loads(listed)}

    def curves(self, run):
        """The points of a run: by metric and step."""
        shown = subprocess.run(
            [self.options.dept, "runs", "show", run, "--json", "--home", self.home],
            cwd=self.folder, capture_output=True, check=True).stdout
        return {name: {point["step"]: point["value"] for point in points}
                for name, points in json.loads(shown)["curves"].items()}

    def run_folder(self, run):
        return os.path.join(self.home, "runs", run[:12])

    def journals(self, run):
        folder = self.run_folder(run)
        names = [name for name in os.listdir(folder) if name.endswith(".journal")]
        return [os.path.join(folder, name)
                for name in sorted(names, key=lambda name: int(name[8:-8]))]

    def adapter(self, run):
        with open(os.path.join(self.run_folder(run), "adapter.safetensors"), "rb") as file:
            return hashlib.sha256(file.read()).hexdigest()


def journal_points(path):
    """The points of a journal whose lines are whole; it ends before its first zero byte."""
    with open(path, "rb") as file:
        data = file.read().split(b"\0", 1)[0]
    for line in data[: data.rfind(b"\n") + 1].splitlines():
        event = json.loads(line)
        if "metric" in event:
            point = event["metric"]["_0"]
            yield point["name"], point["step"], point["value"]


def check(reference, sweep, options):
    """What is wrong with a sweep, one line each."""
    faults = []
    verdict = sweep.ask("PRAGMA integrity_check")
    if verdict != [("ok",)]:
        faults.append(f"integrity_check says {verdict[:3]}")
    expected, runs = reference.runs(), sweep.runs()
    if len(runs) != options.runs:
        faults.append(f"{len(runs)} runs are in the store instead of {options.runs}")
    for seed, run in sorted(runs.items()):
        name, other = f"run {seed} ({run['id'][:12]})", expected.get(seed)
        if run["state"] != "succeeded":
            faults.append(f"{name} is {run['state']}")
            continue
        endings = dict(sweep.ask(
            "SELECT attempt.state, count(*) FROM attempt JOIN run ON run.key = attempt.run"
            " WHERE run.id = ? GROUP BY attempt.state", (run["id"],)))
        if endings.get("succeeded") != 1 or "running" in endings:
            faults.append(f"{name} has the attempts {endings}")
        curves = sweep.curves(run["id"])
        acknowledged = {}
        for path in sweep.journals(run["id"]):
            for metric, step, value in journal_points(path):
                acknowledged[metric, step] = value
        lost = [key for key, value in acknowledged.items()
                if curves.get(key[0], {}).get(key[1]) != value]
        if lost:
            faults.append(f"{name} has lost {len(lost)} points, such as {lost[0]}")
        if other is None:
            faults.append(f"{name} is not in the reference")
            continue
        if run["id"] != other["id"] or run["scores"] != other["scores"]:
            faults.append(f"{name} has other scores: {run['scores']} instead of {other['scores']}")
        if curves != reference.curves(other["id"]):
            faults.append(f"{name} has other curves")
        if sweep.adapter(run["id"]) != reference.adapter(other["id"]):
            faults.append(f"{name} has another adapter")
    return faults


def finish(sweep, options, faults):
    """Carries out what is left, undisturbed."""
    for _ in range(5):
        if sweep.start().wait() == 0:
            return
    faults.append("the sweep does not come to its end when it is left alone")


def disturb_by_kills(sweep, options, chance, left):
    """Kills at random until the sweep is complete; how many were killed."""
    killed = 0
    while killed < left:
        scheduler = sweep.start()
        while killed < left:
            try:
                code = scheduler.wait(timeout=chance.uniform(*options.pause))
            except subprocess.TimeoutExpired:
                code = None
            if code == 0:
                return killed
            if code is not None:
                break
            workers = sweep.workers(scheduler.pid)
            victim = chance.choice(["scheduler", "worker", "both"])
            if victim != "scheduler" and workers:
                for worker in workers if victim == "both" else [chance.choice(workers)]:
                    killed += kill(worker)
            if victim != "worker" or not workers:
                killed += kill(scheduler.pid)
                scheduler.wait()
                break
    if scheduler.poll() is None:
        scheduler.send_signal(signal.SIGTERM)
        scheduler.wait()
    return killed


def cut(path, chance, first=0, pages=False):
    """Loses the end of a file, as a loss of power may, or a page of zeros in it; not what is before
    byte `first`."""
    try:
        size = os.path.getsize(path)
        place = chance.randint(min(first, size), size)
        if pages and chance.random() < 0.5:
            with open(path, "r+b") as file:
                file.seek(place)
                file.write(bytes(min(4096 - place % 4096, size - place)))
        else:
            os.truncate(path, place)
    except OSError:
        pass


def synchronized(path):
    """Where the part of a journal ends that was surely synchronised."""
    try:
        with open(path, "rb") as file:
            return max(0, file.read().rfind(b'{"checkpoint"'))
    except OSError:
        return 0


def moved(home):
    """The bytes of the write-ahead log that SQLite has begun to move into the store, as its index
    in shared memory says (`nBackfillAttempted`)."""
    try:
        with open(f"{home}/store.sqlite-shm", "rb") as file:
            index = file.read(132)
        with open(f"{home}/store.sqlite-wal", "rb") as file:
            page = int.from_bytes(file.read(12)[8:], "big")
        frames = max(int.from_bytes(index[at:at + 4], sys.byteorder) for at in (96, 128))
        return 32 + frames * (24 + page)
    except OSError:
        return 0


def disturb_by_power_cuts(sweep, options, chance, left):
    """Ends everything at once and cuts what was being written; how often."""
    cuts = 0
    while cuts < left:
        scheduler = sweep.start()
        try:
            if scheduler.wait(timeout=chance.uniform(*options.pause)) == 0:
                return cuts
            continue
        except subprocess.TimeoutExpired:
            pass
        workers = sweep.workers(scheduler.pid)
        kill(scheduler.pid)
        for worker in workers:
            kill(worker)
        scheduler.wait()
        while any(os.path.exists(f"/proc/{pid}") for pid in workers):
            time.sleep(0.01)
        cuts += 1
        # Before anybody opens the store, who would make the index anew.
        safe = moved(sweep.home)
        try:
            running = sweep.ask(
                "SELECT run.id, n FROM attempt JOIN run ON run.key = attempt.run"
                " WHERE attempt.state = 'running'")
        except sqlite3.Error:
            running = []
        for run, number in running:
            path = os.path.join(sweep.run_folder(run), f"attempt-{number}.journal")
            cut(path, chance, first=synchronized(path), pages=True)
        # The log's frames have checksums: SQLite takes those that are whole, as after a real loss.
        if chance.random() < 0.5:
            cut(f"{sweep.home}/store.sqlite-wal", chance, first=safe)
        if os.path.exists(f"{sweep.home}/store.sqlite-shm"):
            os.remove(f"{sweep.home}/store.sqlite-shm")
    return cuts


def disturb_by_full_disk(sweep, options, chance, left):
    """Leaves the sweep too little space at random; how often."""
    times = 0
    while times < left:
        if options.mounted:
            used = shutil.disk_usage(sweep.home).used
            room = chance.randint(16, 1500) << 10
            subprocess.run(
                ["mount", "-o", f"remount,size={used + room}", "tmpfs", options.mounted], check=True)
            code = sweep.start().wait()
            subprocess.run(
                ["mount", "-o", f"remount,size={DISK}", "tmpfs", options.mounted], check=True)
        else:
            # Not a full disk, but a write that fails in the middle as it does there.
            code = sweep.start(limit=chance.randint(4, 800) << 10).wait()
        times += 1
        if code == 0:
            return times
    return times


def mount(options):
    """A small file system in memory, if that may be had: its folder."""
    folder = os.path.join(options.scratch, "disk")
    os.makedirs(folder, exist_ok=True)
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", folder], capture_output=True)
    if made.returncode == 0:
        return folder
    if os.environ.get("DEPT_TORTURE_UNSHARED") is None and shutil.which("unshare"):
        # A name space of one's own, in which anybody may mount.
        if subprocess.run(["unshare", "-Urm", "true"], capture_output=True).returncode == 0:
            os.environ["DEPT_TORTURE_UNSHARED"] = "1"
            shutil.rmtree(options.scratch)
            os.execvp("unshare", ["unshare", "-Urm", sys.executable] + sys.argv)
    return None


def program():
    for kind in ["release", "debug"]:
        path = os.path.join(ROOT, ".build", kind, "dept")
        if os.access(path, os.X_OK):
            return path
    return "dept"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mode", choices=["kill", "full-disk", "power-cut"], default="kill")
    parser.add_argument("--kills", type=int, default=200, help="disturbances in all")
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--dept", default=program(), help="the program")
    parser.add_argument("--pause", type=float, nargs=2, default=[0.2, 2.0],
                        help="seconds between two disturbances, at least and at most")
    parser.add_argument("--keep", action="store_true", help="keep the folder of both homes")
    options = parser.parse_args()
    options.dept = os.path.abspath(options.dept) if os.sep in options.dept else options.dept
    chance = random.Random(options.seed)
    options.scratch = tempfile.mkdtemp(prefix="dept-torture-")
    options.mounted = None
    code = 1
    try:
        code = torture(options, chance)
    finally:
        if options.mounted:
            subprocess.run(["umount", options.mounted])
        if options.keep:
            print(f"kept: {options.scratch}")
        else:
            shutil.rmtree(options.scratch, ignore_errors=True)
    return code


def torture(options, chance):
    os.symlink(
        os.path.join(ROOT, "Tests", "Golden", "t5-v1.0"), os.path.join(options.scratch, "tiny"))
    options.file = "torture.swift"
    with open(os.path.join(options.scratch, options.file), "w") as file:
        file.write(SWEEP.format(runs=options.runs, steps=options.steps))
    if options.mode == "full-disk":
        options.mounted = mount(options)
        # A plan that was written down: what a compiled experiment needs would fill the disk alone.
        plan = Sweep(options, os.path.join(options.scratch, "planning")).plan()
        options.file = "torture.json"
        with open(os.path.join(options.scratch, options.file), "wb") as file:
            file.write(plan)
    began = time.monotonic()
    reference = Sweep(options, os.path.join(options.scratch, "reference"))
    if reference.start().wait() != 0:
        print(f"the undisturbed sweep fails; see {options.scratch}/dept.log")
        options.keep = True
        return 1
    print(f"undisturbed: {options.runs} runs in {time.monotonic() - began:.1f} s", flush=True)
    disturb = {
        "kill": disturb_by_kills, "power-cut": disturb_by_power_cuts,
        "full-disk": disturb_by_full_disk,
    }[options.mode]
    done, rounds, faults = 0, 0, []
    while done < options.kills:
        rounds += 1
        name = f"disturbed-{rounds}"
        sweep = Sweep(options, os.path.join(options.mounted or options.scratch, name))
        os.makedirs(sweep.home)
        # Compiled before anything is killed: a compiler that is killed tells nothing.
        sweep.plan()
        before = done
        done += disturb(sweep, options, chance, options.kills - done)
        finish(sweep, options, faults)
        found = check(reference, sweep, options)
        faults += found
        print(f"round {rounds}: {done - before} disturbances, {len(found)} faults", flush=True)
        if options.mounted and not faults:
            shutil.rmtree(sweep.home)
    seconds = time.monotonic() - began
    print(f"{options.mode}: {done} disturbances of {rounds} sweeps of {options.runs} runs in "
          f"{seconds:.0f} s, {len(faults)} faults")
    for fault in faults[:20]:
        print(f"  {fault}")
    if faults:
        options.keep = True
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
