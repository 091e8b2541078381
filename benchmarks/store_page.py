"""The page of the comparison with other trackers: a table with the goal beside each figure."""

import statistics

NAMES = {"dept": "dept", "mlflow": "MLflow", "optuna": "Optuna", "trackio": "trackio"}


def duration(nanoseconds: float) -> str:
    for unit, size in (("s", 1e9), ("ms", 1e6), ("µs", 1e3)):
        if nanoseconds >= size:
            return f"{short(nanoseconds / size)} {unit}"
    return f"{nanoseconds:.0f} ns"


def short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def rate(value: float) -> str:
    return f"{value:,.0f}"


def milliseconds(value: float) -> str:
    return duration(value * 1e6)


def seconds(value: float) -> str:
    return duration(value * 1e9)


def megabytes(value: float) -> str:
    return f"{value / 1e6:,.0f} MB"


def survived(value: dict) -> str:
    return f"{value['survived']:,} of {value['acknowledged']:,}"


# What is measured, the goal of ours, how a figure is written, and whether more is better.
TABLE = [
    ("log_p50", "logging one metric, p50", "≤ 0.5 µs", duration, False),
    ("log_p95", "logging one metric, p95", "", duration, False),
    ("log_p99", "logging one metric, p99", "", duration, False),
    ("crash", "points after `kill -9` behind the last returned call", "all", survived, None),
    ("ingest", "points a second, one run", "≥ 500,000", rate, True),
    ("ingest_8", "points a second, 8 processes", "≥ 200,000", rate, True),
    ("size", "bytes a point at rest", "≤ 10", short, False),
    ("scheduler", "scheduler, each run that does nothing", "≤ 5 ms", milliseconds, False),
    ("plan", "plan of 100,000 points", "≤ 1 s", seconds, False),
    ("list", "listing {runs} runs", "≤ 100 ms", milliseconds, False),
    ("sort", "sorting {runs} runs by a metric", "≤ 30 ms", milliseconds, False),
    ("history", "100 runs of 10 M points, for 1,000 pixels", "≤ 50 ms", milliseconds, False),
    ("mlflow history", "… MLflow: 100 runs of {history} points", "", milliseconds, False),
    ("delete_seconds", "deleting a run of 6.5 M points", "≤ 2 s", seconds, False),
    ("delete_bytes", "… memory for it", "≤ 50 MB", megabytes, False),
    ("mlflow delete", "… MLflow: a run of {delete} points", "",
     lambda v: f"{seconds(v['seconds'])}, {megabytes(v['bytes'])}", None),
]


def cell(rounds: list[dict], who: str, write) -> str:
    values = [r[who] for r in rounds if who in r]
    if not values:
        return ""
    return write(values[-1] if isinstance(values[0], dict) else statistics.median(values))


def ratio(rounds: list[dict], more: bool | None) -> str:
    """The others' best against ours within each round, as the median of the rounds."""
    if more is None:
        return ""
    ratios = []
    for each in rounds:
        others = [v for who, v in each.items() if who != "dept"]
        if "dept" not in each or not others or not each["dept"]:
            continue
        ratios.append(each["dept"] / max(others) if more else min(others) / each["dept"])
    return f"{short(statistics.median(ratios))} ×" if ratios else ""


def page(record: dict) -> str:
    m, sizes = record["machine"], record["sizes"]
    versions = ", ".join(f"{NAMES[name]} {v}" for name, v in m["versions"].items())
    low, high = record["load"]
    lines = [
        "# The store beside MLflow, Optuna and trackio", "",
        f"{m['processor']}, {m['cores']} cores, {m['system']}, {m['file_system'] or 'file system'}"
        f" under the temporary files; commit {m['commit']}, {m['date']}.",
        f"{versions}; Python {m['python']}, SQLite {m['sqlite']} there; telemetry off.",
        f"{sizes['rounds']} rounds of what is called one by one, at most three of the rest, "
        "alternating, each in a fresh process; medians of the rounds. Load average before a "
        f"process: {low:.2f} to {high:.2f}; {record['seconds']} s in all.", "",
        "| what | goal | dept | MLflow | Optuna | trackio | dept is better than the best of them by |",
        "|---|--:|--:|--:|--:|--:|--:|"]
    for row, title, goal, write, more in TABLE:
        rounds = record["rounds"].get(row, [])
        title = title.format(**{k: f"{v:,}" for k, v in sizes.items()})
        cells = [cell(rounds, who, write) for who in NAMES]
        if row.startswith("mlflow") and not any(cells):
            continue
        # Ours always has 10,000 runs.
        differs = row in ("list", "sort") and sizes["runs"] != 10_000
        better = "" if differs else ratio(rounds, more)
        lines.append(f"| {' | '.join([title, goal, *cells, better])} |")
    lines += ["",
              "A ratio is taken within each round; above 1 dept is faster or smaller, empty where "
              "sizes differ or nobody else does it."]
    lines += [f"* {note}" for note in explanations(record)]
    if record["notes"]:
        lines += ["", "Left out or gone wrong:", ""] + [f"* {note}" for note in record["notes"]]
    return "\n".join(lines) + "\n"


def explanations(record: dict) -> list[str]:
    sizes = record["sizes"]
    lines = [
        f"Logging: {sizes['calls']} calls a round of `MlflowClient.log_metric` on SQLite without a "
        "server, `Trial.report` on SQLite, `trackio.log`, which gathers half a second in memory.",
        f"One run: {sizes['ingest']:,} points by `log_batch` of 1,000 and by `trackio.log` until "
        f"`finish` returns; Optuna has no batch: {sizes['optuna_ingest']:,} reports. Eight "
        f"processes: {sizes['each']:,} each, {sizes['optuna_each']:,} with Optuna; the slowest "
        "process counts, start-up left out.",
        f"Scheduler: `GridSampler` with {sizes['trials']} trials, SQLite, `n_jobs=2`, an objective "
        "that asks for its value and returns it.",
        "MLflow's lists, sorting and history are calls of its store in one process, without a "
        "server and a browser; the list is read page by page, sorting returns the first hundred."]
    for who, value in (record["rounds"].get("crash") or [{}])[-1].items():
        if "status" in value:
            lines.append(f"After the kill {NAMES[who]} shows the run as: {value['status']}.")
    return lines
