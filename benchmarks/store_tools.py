#!/usr/bin/env python3
"""One workload of one tracker in a process of its own; prints one JSON object.

    store_tools.py TOOL WORKLOAD FOLDER [COUNT]

TOOL is mlflow, optuna or trackio; FOLDER holds its files. store.py calls this.
"""

import json
import os
import pathlib
import signal
import sqlite3
import sys
import time
import uuid

for _name, _value in {
        "MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "1", "HF_HUB_OFFLINE": "1",
        "MLFLOW_ENABLE_ASYNC_LOGGING": "false", "PYTHONWARNINGS": "ignore"}.items():
    os.environ[_name] = _value

BEGIN = 1_700_000_000_000


def percentiles(nanoseconds: list[int]) -> dict:
    ordered = sorted(nanoseconds)
    return {f"ns_p{p}": ordered[min(len(ordered) - 1, len(ordered) * p // 100)]
            for p in (50, 95, 99)}


def timed(call, count: int) -> list[int]:
    """Nanoseconds of each call, after a tenth as many that do not count."""
    for step in range(max(1, count // 10)):
        call(step)
    clock, times = time.perf_counter_ns, []
    for step in range(count // 10, count // 10 + count):
        begin = clock()
        call(step)
        times.append(clock() - begin)
    return times


class MLflow:
    """SQLite directly, as it is when nothing else is set up; no server between."""

    def __init__(self, folder: pathlib.Path, name: str = "mlflow.db"):
        import logging
        logging.disable(logging.INFO)
        from mlflow.tracking import MlflowClient
        self.path = folder / name
        self.uri = f"sqlite:///{self.path}"
        self.client = MlflowClient(self.uri)
        found = self.client.get_experiment_by_name("bench")
        self.experiment = (
            found.experiment_id if found else self.client.create_experiment("bench"))

    def begin(self) -> None:
        self.run = self.client.create_run(self.experiment).info.run_id

    def log(self, step: int) -> None:
        self.client.log_metric(self.run, "train/loss", 1 / (step + 1), step=step)

    def survivors(self) -> dict:
        run, = self.client.search_runs([self.experiment], max_results=1)
        history = self.client.get_metric_history(run.info.run_id, "train/loss")
        return {"survived": len(history), "status": run.info.status}

    def ingest(self, count: int) -> None:
        from mlflow.entities import Metric
        for start in range(0, count, 1000):
            self.client.log_batch(self.run, [
                Metric("train/loss", 1 / (s + 1), BEGIN + s, s)
                for s in range(start, min(count, start + 1000))])

    def bytes_per_point(self, count: int) -> float:
        empty = self.path.stat().st_size
        self.begin()
        self.ingest(count)
        return (self.path.stat().st_size - empty) / count


class Optuna:
    """A study in SQLite."""

    def __init__(self, folder: pathlib.Path):
        import optuna
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        self.optuna, self.path = optuna, folder / "optuna.db"
        self.study = optuna.create_study(
            storage=f"sqlite:///{self.path}", study_name="bench", load_if_exists=True)

    def begin(self) -> None:
        self.trial = self.study.ask()

    def log(self, step: int) -> None:
        self.trial.report(1 / (step + 1), step)

    def survivors(self) -> dict:
        trial, = self.study.get_trials()
        return {"survived": len(trial.intermediate_values), "status": trial.state.name}

    def ingest(self, count: int) -> None:
        for step in range(count):
            self.log(step)

    def bytes_per_point(self, count: int) -> float:
        empty = self.path.stat().st_size
        self.begin()
        self.ingest(count)
        return (self.path.stat().st_size - empty) / count


class Trackio:
    """A project in SQLite, written by a thread that gathers half a second."""

    def __init__(self, folder: pathlib.Path):
        os.environ["TRACKIO_DIR"] = str(folder / "trackio")
        import trackio
        self.trackio, self.folder = trackio, folder / "trackio"

    def begin(self) -> None:
        import contextlib
        import io
        with contextlib.redirect_stdout(io.StringIO()):
            self.trackio.init(
                project="bench", name=uuid.uuid4().hex, auto_log_gpu=False, auto_log_cpu=False)

    def log(self, step: int) -> None:
        self.trackio.log({"train/loss": 1 / (step + 1)})

    def survivors(self) -> dict:
        time.sleep(0.1)
        return {"survived": self.count(), "status": "none is kept"}

    def count(self) -> int:
        total = 0
        for path in self.folder.glob("*.db"):
            connection = sqlite3.connect(path)
            try:
                total += connection.execute("SELECT count(*) FROM metrics").fetchone()[0]
            except sqlite3.OperationalError:
                pass
            connection.close()
        return total

    def ingest(self, count: int) -> None:
        import contextlib
        import io
        for step in range(count):
            self.log(step)
        with contextlib.redirect_stdout(io.StringIO()):
            self.trackio.finish()

    def bytes_per_point(self, count: int) -> float:
        self.begin()
        self.ingest(count)
        for path in self.folder.glob("*.db"):
            connection = sqlite3.connect(path)
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.close()
        size = sum(path.stat().st_size for path in self.folder.glob("*.db*"))
        return size / max(1, self.count())


TOOLS = {"mlflow": MLflow, "optuna": Optuna, "trackio": Trackio}


# What all three do.

def nothing(tool, count: int) -> dict:
    """Only what opening a store for the first time does."""
    return {}


def log(tool, count: int) -> dict:
    tool.begin()
    return percentiles(timed(tool.log, count))


def crash(tool, count: int) -> dict:
    """Killed by itself, as soon as the last call has returned; says before how many there were."""
    tool.begin()
    for step in range(count):
        tool.log(step)
    print(json.dumps({"acknowledged": count}), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
    return {}


def survivors(tool, count: int) -> dict:
    return tool.survivors()


def ingest(tool, count: int) -> dict:
    tool.begin()
    begin = time.perf_counter()
    tool.ingest(count)
    return {"points": count, "seconds": time.perf_counter() - begin}


def size(tool, count: int) -> dict:
    return {"bytes_per_point": tool.bytes_per_point(count)}


# What only one does.

def trials(tool: Optuna, count: int) -> dict:
    """A grid of runs that do nothing, two at a time."""
    optuna = tool.optuna
    sampler = optuna.samplers.GridSampler({"x": list(range(count))}, seed=0)
    study = optuna.create_study(
        storage=f"sqlite:///{tool.path}", study_name=uuid.uuid4().hex, sampler=sampler)
    begin = time.perf_counter()
    study.optimize(lambda trial: trial.suggest_int("x", 0, count), n_trials=count, n_jobs=2)
    seconds = time.perf_counter() - begin
    return {"ms_per_run": 1000 * seconds / count, "runs": len(study.get_trials(deepcopy=False))}


def seed_runs(tool: MLflow, count: int) -> dict:
    """Runs with ten parameters and five metrics each, straight into the tables."""
    connection = sqlite3.connect(tool.path)
    connection.execute("PRAGMA synchronous = OFF")
    for number in range(count):
        run = f"{number:032x}"
        insert_run(connection, tool, run, number)
        connection.executemany(
            "INSERT INTO params (key, value, run_uuid) VALUES (?, ?, ?)",
            [(f"p{p}", str((number * 7 + p) % 13), run) for p in range(10)])
        metrics = [(f"m{m}", ((number * 7919 + m) % 10007) / 10007, BEGIN, 0, 0, run)
                   for m in range(5)]
        for table in ("metrics", "latest_metrics"):
            connection.executemany(
                f"INSERT INTO {table} (key, value, timestamp, step, is_nan, run_uuid) "
                "VALUES (?, ?, ?, ?, ?, ?)", metrics)
    connection.commit()
    connection.close()
    return {"runs": count}


def insert_run(connection, tool: MLflow, run: str, number: int) -> None:
    connection.execute(
        "INSERT INTO runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, "
        "status, start_time, end_time, source_version, lifecycle_stage, artifact_uri, "
        "experiment_id) VALUES (?, ?, 'LOCAL', '', '', '', 'FINISHED', ?, ?, '', 'active', ?, ?)",
        (run, f"run {number}", BEGIN + number, BEGIN + number, f"mlruns/{run}",
         tool.experiment))


def search(tool: MLflow, count: int) -> dict:
    """All runs, page by page; and the best hundred by a metric."""
    begin = time.perf_counter()
    found, token = 0, None
    while True:
        page = tool.client.search_runs([tool.experiment], max_results=1000, page_token=token)
        found, token = found + len(page), page.token
        if not token:
            break
    listed = time.perf_counter() - begin
    begin = time.perf_counter()
    tool.client.search_runs([tool.experiment], max_results=100, order_by=["metrics.m0 DESC"])
    return {"runs": found, "list_ms": 1000 * listed,
            "sort_ms": 1000 * (time.perf_counter() - begin)}


def seed_points(tool: MLflow, count: int) -> dict:
    """A hundred runs that share `count` points of one metric."""
    connection = sqlite3.connect(tool.path)
    connection.execute("PRAGMA synchronous = OFF")
    each = count // 100
    for number in range(100):
        run = f"{number:032x}"
        insert_run(connection, tool, run, number)
        insert_points(connection, run, each)
    connection.commit()
    connection.close()
    return {"points": 100 * each}


def insert_points(connection, run: str, count: int) -> None:
    connection.executemany(
        "INSERT INTO metrics (key, value, timestamp, step, is_nan, run_uuid) "
        "VALUES ('train/loss', ?, ?, ?, 0, ?)",
        ((1 / (s + 1), BEGIN + s, s, run) for s in range(count)))
    connection.execute(
        "INSERT INTO latest_metrics (key, value, timestamp, step, is_nan, run_uuid) "
        "VALUES ('train/loss', ?, ?, ?, 0, ?)", (1 / count, BEGIN + count, count - 1, run))


def history(tool: MLflow, count: int) -> dict:
    """The chart of a hundred runs, thinned out to a thousand points each; no server between."""
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
    store = SqlAlchemyStore(tool.uri, str(tool.path.parent / "artifacts"))
    runs = [f"{number:032x}" for number in range(100)]
    begin = time.perf_counter()
    points = store.get_metric_history_bulk_interval(runs, "train/loss", 1000, None, None)
    return {"history_ms": 1000 * (time.perf_counter() - begin), "points": len(points)}


def seed_deletion(tool: MLflow, count: int) -> dict:
    """One deleted run with `count` points."""
    connection = sqlite3.connect(tool.path)
    connection.execute("PRAGMA synchronous = OFF")
    insert_run(connection, tool, "d" * 32, 0)
    insert_points(connection, "d" * 32, count)
    connection.commit()
    connection.close()
    tool.client.delete_run("d" * 32)
    return {"points": count}


def delete(tool: MLflow, count: int) -> dict:
    """What `mlflow gc` does, in this process."""
    import resource
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
    store = SqlAlchemyStore(tool.uri, str(tool.path.parent / "artifacts"))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begin = time.perf_counter()
    store._hard_delete_run("d" * 32)
    seconds = time.perf_counter() - begin
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"seconds": seconds, "bytes": 1024 * (after - before)}


def main() -> None:
    name, workload, folder = sys.argv[1:4]
    count = int(sys.argv[4]) if len(sys.argv) > 4 else 0
    tool = TOOLS[name](pathlib.Path(folder))
    print(json.dumps(globals()[workload](tool, count)))


if __name__ == "__main__":
    main()
