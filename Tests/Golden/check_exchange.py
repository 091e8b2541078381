#!/usr/bin/env python3
"""Compares what `dept export` and `dept import` make of runs with the real MLflow and TensorBoard.

    python3 -m venv /tmp/exchange
    /tmp/exchange/bin/pip install mlflow==3.17.2 tensorboard torch
    /tmp/exchange/bin/python Tests/Golden/check_exchange.py --dept .build/release/dept

Out: a real store (the quickstart experiment, or --home and --experiment) is exported and opened
with MlflowClient and TensorBoard's EventAccumulator; every number is compared with the store. In:
runs made with mlflow and torch's SummaryWriter are imported and compared with what was logged. Prints a line a comparison and ends with exit code 1 if any fails.
Not part of the test suite. Without torch the second half of TensorBoard is left out.
"""

import argparse
import json
import math
import os
import pathlib
import struct
import subprocess
import sys
import tempfile

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ["DO_NOT_TRACK"] = "1"
failures = 0


def line(what: str, good: bool, detail: str = "") -> None:
    global failures
    failures += not good
    print(f"{'ok  ' if good else 'FAIL'} {what:44} {detail}", flush=True)


def single(value: float) -> float:
    """The nearest number of single precision."""
    return struct.unpack("<f", struct.pack("<f", value))[0]


def same(a: float, b: float) -> bool:
    return a == b or (math.isnan(a) and math.isnan(b))


class Dept:
    """A `dept` and a home."""

    def __init__(self, program: str, home: pathlib.Path, folder: pathlib.Path):
        self.program, self.home, self.folder = os.path.abspath(program), home, folder

    def __call__(self, *words, code: int = 0) -> str:
        environment = os.environ | {"DEPT_HOME": str(self.home), "DEPT_OFFLINE": "1"}
        done = subprocess.run(
            [self.program, *map(str, words)], env=environment, cwd=self.folder, text=True,
            capture_output=True)
        if done.returncode != code:
            sys.exit(f"dept {' '.join(map(str, words))}: exit code {done.returncode}: "
                     f"{done.stderr.strip()}")
        return done.stdout if code == 0 else done.stderr

    def runs(self, experiment: str) -> list[dict]:
        """The runs of an experiment that ran, with their points, and two that have not."""
        listed = [r for r in json.loads(self("runs", "list", "--json"))
                  if r["experiment"] == experiment]
        self.count = len(listed)
        idle = [run for run in listed if run["state"] == "queued"]
        chosen = [run for run in listed if run not in idle[2:]]
        for run in chosen:
            shown = json.loads(self("runs", "show", run["id"], "--json"))
            run["curves"] = {
                name: [(p["step"], float(p["value"])) for p in points]
                for name, points in shown["curves"].items()}
            run["schedule"] = shown["spec"]["schedule"]
        return chosen


def compare(what: str, expected: dict, actual: dict) -> None:
    """Curves by name: pairs of step and value."""
    wrong = [f"names {sorted(set(expected) ^ set(actual))}"] if set(expected) != set(actual) else []
    count = 0
    for name in set(expected) & set(actual):
        if [s for s, _ in expected[name]] != [s for s, _ in actual[name]]:
            wrong.append(f"steps of {name}")
        for (step, a), (_, b) in zip(expected[name], actual[name]):
            count += 1
            if not same(a, b):
                wrong.append(f"{name} at {step}: {a} is {b}")
    line(what, not wrong, "; ".join(wrong[:3]) or f"{count} points in {len(expected)} curves")


def scores(run: dict) -> dict:
    return {f"score/{split}/{name}": float(value)
            for split, named in run["scores"].items() for name, value in named.items()}


def check_mlflow_export(dept: Dept, experiment: str, output: pathlib.Path) -> None:
    from mlflow.tracking import MlflowClient
    dept("export", experiment, "--format", "mlflow", "--output", output)
    client = MlflowClient(f"sqlite:///{output}/mlflow.db")
    found = client.get_experiment_by_name(experiment)
    runs = client.search_runs([found.experiment_id], max_results=1000)
    ours = dept.runs(experiment)
    line("mlflow: search_runs", len(runs) == dept.count, f"{len(runs)} of {dept.count} runs")
    by_id = {run.data.tags["dept.run"]: run for run in runs}
    states = {"succeeded": "FINISHED", "failed": "FAILED", "queued": "SCHEDULED"}
    for run in ours:
        theirs = by_id[run["id"]]
        name = run["id"][:8]
        params = theirs.data.params
        expected = {"backbone": run["backbone"], "method": run["method"], "seed": str(run["seed"]),
                    "dataset": run["dataset"]}
        line(f"mlflow: {name} parameters",
             all(params.get(k) == v for k, v in expected.items())
             and all(k in params or f"{run['method']}.{k}" in params
                     for k in run["hyperparameters"]), f"{len(params)}")
        line(f"mlflow: {name} state",
             theirs.info.status == states.get(run["state"], "KILLED"), theirs.info.status)
        curves = {}
        for metric in theirs.data.metrics:
            if metric.split("/")[0] not in ("score", "run"):
                curves[metric] = [(m.step, m.value)
                                  for m in client.get_metric_history(theirs.info.run_id, metric)]
        wanted = {k: [(s, v if math.isfinite(v) else math.copysign(sys.float_info.max, v)
                       if math.isinf(v) else v) for s, v in c] for k, c in run["curves"].items()}
        compare(f"mlflow: {name} get_metric_history", wanted, curves)
        latest = {k: v for k, v in theirs.data.metrics.items() if k.startswith("score/")}
        line(f"mlflow: {name} scores", latest == scores(run), f"{len(latest)}")
    best = sorted(client.search_runs(
        [found.experiment_id], order_by=["metrics.`train/loss` ASC"]), key=lambda r: r.info.run_id)
    line("mlflow: ordered by a metric", len(best) == dept.count)
    run = client.create_run(found.experiment_id)
    client.log_metric(run.info.run_id, "x", 1.5, step=3)
    client.set_terminated(run.info.run_id)
    history = client.get_metric_history(run.info.run_id, "x")
    line("mlflow: the database can be written on", history[0].value == 1.5)
    done = subprocess.run(
        [sys.executable, "-m", "mlflow", "db", "upgrade", f"sqlite:///{output}/mlflow.db"],
        capture_output=True, text=True)
    line("mlflow: db upgrade has nothing to object", done.returncode == 0, done.stderr[-200:]
         if done.returncode else "")


def check_tensorboard_export(dept: Dept, experiment: str, output: pathlib.Path) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from tensorboard.plugins.hparams import metadata
    dept("export", experiment, "--format", "tensorboard", "--output", output)
    for run in dept.runs(experiment):
        name = run["id"][:8]
        folder, = [f for f in output.iterdir() if f.name.endswith(run["id"][:12])]
        events = EventAccumulator(str(folder), size_guidance={"scalars": 0, "tensors": 0})
        events.Reload()
        curves = {tag: [(e.step, e.value) for e in events.Scalars(tag)]
                  for tag in events.Tags()["scalars"]}
        final = {tag: curves.pop(tag)[0][1] for tag in list(curves) if tag.startswith("score/")}
        compare(f"tensorboard: {name} EventAccumulator",
                {k: [(s, single(v)) for s, v in c] for k, c in run["curves"].items()}, curves)
        line(f"tensorboard: {name} scores",
             final == {k: single(v) for k, v in scores(run).items()}, f"{len(final)}")
        content = events.SummaryMetadata("_hparams_/session_start_info").plugin_data.content
        values = metadata.parse_session_start_info_plugin_data(content).hparams
        line(f"tensorboard: {name} hyperparameters",
             values["seed"].number_value == run["seed"]
             and values["method"].string_value == run["method"]
             and values["steps"].number_value == run["schedule"]["steps"], f"{len(values)}")
    check_hparams_tab(dept, experiment, output)


def check_hparams_tab(dept: Dept, experiment: str, output: pathlib.Path) -> None:
    """What the tab for hyperparameters asks the server for."""
    from tensorboard.backend.event_processing import data_provider, plugin_event_multiplexer
    from tensorboard import context
    from tensorboard.plugins import base_plugin
    from tensorboard.plugins.hparams import api_pb2, backend_context, list_session_groups
    multiplexer = plugin_event_multiplexer.EventMultiplexer(
        tensor_size_guidance={"scalars": 0, "hparams": 0})
    multiplexer.AddRunsFromDirectory(str(output))
    multiplexer.Reload()
    provider = data_provider.MultiplexerDataProvider(multiplexer, str(output))
    backend = backend_context.Context(base_plugin.TBContext(data_provider=provider))
    request = context.RequestContext()
    found = backend.experiment_from_metadata(
        request, "", True, backend.hparams_metadata(request, ""),
        backend.hparams_from_data_provider(request, "", limit=1000))
    asked = api_pb2.ListSessionGroupsRequest(
        start_index=0, slice_size=1000, allowed_statuses=[0, 1, 2, 3])
    groups = list_session_groups.Handler(
        request, backend_context=backend, experiment_id="", request=asked).run()
    sessions = sum(len(group.sessions) for group in groups.session_groups)
    line("tensorboard: HParams tab", sessions == dept.count and len(found.hparam_infos) > 5,
         f"{sessions} sessions in {len(groups.session_groups)} groups, "
         f"{len(found.hparam_infos)} hyperparameters, {len(found.metric_infos)} metrics")


def check_mlflow_import(dept: Dept, folder: pathlib.Path) -> None:
    import mlflow
    mlflow.set_tracking_uri(f"sqlite:///{folder}/mlflow.db")
    mlflow.set_experiment("théir sweep / 1")
    wanted = {}
    for seed in (1, 2, 3):
        with mlflow.start_run(run_name=f"tuning {seed}") as run:
            mlflow.log_params({
                "model_name": "t5-base", "task": "rte", "method": "lora", "seed": seed, "lr": 1e-3,
                "r": 8, "long": "x" * 6000})
            curves = {"train/loss": [], "eval_accuracy": []}
            for step in range(1, 301):
                curves["train/loss"].append((step, math.exp(-step / 100) / seed + 1e-9 * step))
            curves["eval_accuracy"] = [(s, 0.5 + s / 1000 / seed) for s in (100, 200, 300)]
            curves["odd"] = [(0, float("nan")), (5, float("inf")), (6, -0.0)]
            for name, points in curves.items():
                for step, value in points:
                    mlflow.log_metric(name, value, step=step)
            mlflow.set_tags({"mlflow.note.content": f"note {seed}", "stage": "draft"})
            wanted[run.info.run_id] = (seed, curves)
            if seed == 3:
                mlflow.end_run("KILLED")
    database = folder / "mlflow.db"
    before = database.read_bytes()
    first = json.loads(dept("import", "mlflow", database, "--json"))
    line("import mlflow", first["added"] == 3, str(first))
    runs = {run["id"][:32]: run for run in dept.runs("théir sweep / 1")}
    for number, (seed, curves) in wanted.items():
        run = runs[number]
        compare(f"import mlflow: {number[:8]} points", curves, run["curves"])
        line(f"import mlflow: {number[:8]} fields",
             (run["backbone"], run["dataset"], run["method"], run["seed"])
             == ("t5-base", "rte", "lora", seed) and run["hyperparameters"]["lr"] == 1e-3
             and run["state"] == ("cancelled" if seed == 3 else "succeeded"))
        if seed != 3:
            line(f"import mlflow: {number[:8]} scores",
                 run["scores"]["validation"] == {"accuracy": curves["eval_accuracy"][-1][1]})
    again = json.loads(dept("import", "mlflow", database, "--json"))
    line("import mlflow: twice", again["known"] == 3 and again["added"] == 0, str(again))
    line("import mlflow: the database is untouched", database.read_bytes() == before)
    ids = [run["id"] for run in runs.values()]
    line("runs show, diff, query, report of imported runs",
         "note 1" in dept("runs", "show", "tuning 1")
         and "seed" in dept("runs", "diff", ids[0], ids[1])
         and "lora" in dept("query", "--sql", "SELECT method, count(*) FROM v_runs GROUP BY 1")
         and "index.html" in dept("report", "théir sweep / 1", "--output", folder / "report"))


def check_tensorboard_import(dept: Dept, folder: pathlib.Path) -> None:
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError as error:
        print(f"     torch's SummaryWriter is left out: {error}")
        return
    logs = folder / "tensorboard logs"
    wanted = {}
    for seed in (1, 2):
        name = f"lr=0.1, seed {seed}"
        writer = SummaryWriter(str(logs / name))
        curves = {"train/loss": [(s, single(1 / s / seed)) for s in range(1, 501)],
                  "test/accuracy": [(500, single(0.1 * seed))],
                  "odd": [(1, float("nan")), (2, float("inf"))]}
        for tag, points in curves.items():
            for step, value in points:
                writer.add_scalar(tag, value, step)
        writer.add_scalar("new style", 0.25, 7, new_style=True)
        curves["new style"] = [(7, 0.25)]
        writer.add_histogram("weights", __import__("torch").arange(10.0), 1)
        writer.add_text("remark", "words", 1)
        writer.add_hparams({"lr": 0.1, "seed": seed, "model": "t5-small"}, {"hparam/last": 0.5})
        curves["hparam/last"] = [(0, 0.5)]
        writer.close()
        wanted[seed] = curves
    first = json.loads(dept("import", "tensorboard", logs, "--json"))
    line("import tensorboard", first["added"] == 2 and first["remarks"] == [], str(first))
    for run in dept.runs("tensorboard logs"):
        compare(f"import tensorboard: seed {run['seed']} points", wanted[run["seed"]],
                run["curves"])
        line(f"import tensorboard: seed {run['seed']} fields", run["backbone"] == "t5-small"
             and run["hyperparameters"]["lr"] == 0.1
             and same(run["scores"]["test"]["accuracy"], single(0.1 * run["seed"])))
    again = json.loads(dept("import", "tensorboard", logs, "--json"))
    line("import tensorboard: twice", again["known"] == 2, str(again))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--dept", required=True)
    parser.add_argument("--home", help="an existing store (default: the quickstart is run)")
    parser.add_argument("--experiment", default="quickstart")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        home = pathlib.Path(arguments.home or folder / "home").resolve()
        dept = Dept(arguments.dept, home, folder)
        if not arguments.home:
            script = pathlib.Path(__file__).resolve().parents[2] / "experiments/quickstart.swift"
            dept("run", script, "--only", "seed = 1", "--limit", "4", "--no-report")
        check_mlflow_export(dept, arguments.experiment, folder / "mlflow export")
        check_tensorboard_export(dept, arguments.experiment, folder / "tensorboard export")
        new = Dept(arguments.dept, folder / "other home", folder)
        check_mlflow_import(new, folder)
        check_tensorboard_import(new, folder)
        # What goes out and comes back in the layouts of both is what it was.
        check_mlflow_export(new, "théir sweep / 1", folder / "again")
        check_tensorboard_export(new, "théir sweep / 1", folder / "again as events")
    print("all as it should be" if failures == 0 else f"{failures} comparisons failed")
    sys.exit(failures > 0)


if __name__ == "__main__":
    main()
