#!/usr/bin/env python3
"""Files of the real MLflow and TensorBoard that the tests of `Exchange` read, and MLflow's layout.

    pip install mlflow==3.17.2 tensorboard
    python Tests/Golden/golden_exchange.py            # Tests/Golden/exchange/
    python Tests/Golden/golden_exchange.py --layout   # Sources/Exchange/Layouts/mlflow.sql too

The event file is the same byte for byte each time; the database has fixed ids and times.
"""

import argparse
import os
import pathlib
import sqlite3
import struct
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
OUTPUT = HERE / "exchange"
LAYOUT = HERE.parent.parent / "Sources" / "Exchange" / "Layouts" / "mlflow.sql"
BEGIN = 1_700_000_000
RUNS = ("0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210")

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ["DO_NOT_TRACK"] = "1"


def record(data: bytes) -> bytes:
    """A TFRecord, framed by TensorFlow's own checksum."""
    from tensorboard.summary.writer.record_writer import masked_crc32c
    head = struct.pack("<Q", len(data))
    sums = [struct.pack("<I", masked_crc32c(part)) for part in (head, data)]
    return head + sums[0] + data + sums[1]


def event_file() -> bytes:
    """Scalars in both spellings, a name with a space, NaN and infinity, hyperparameters."""
    from tensorboard.compat.proto import event_pb2, summary_pb2, tensor_pb2, tensor_shape_pb2
    from tensorboard.plugins.hparams import metadata, plugin_data_pb2

    def event(**fields):
        return event_pb2.Event(wall_time=BEGIN + fields.get("step", 0), **fields)

    def value(tag, number):
        return summary_pb2.Summary.Value(tag=tag, simple_value=number)

    def session(tag, **fields):
        content = plugin_data_pb2.HParamsPluginData(version=0, **fields)
        return summary_pb2.Summary(value=[summary_pb2.Summary.Value(
            tag=tag, tensor=metadata.NULL_TENSOR, metadata=summary_pb2.SummaryMetadata(
                plugin_data=summary_pb2.SummaryMetadata.PluginData(
                    plugin_name=metadata.PLUGIN_NAME,
                    content=content.SerializeToString(deterministic=True))))])

    start = plugin_data_pb2.SessionStartInfo(start_time_secs=BEGIN)
    start.hparams["lr"].number_value = 0.25
    start.hparams["model"].string_value = "t5-small"
    start.hparams["frozen"].bool_value = True
    end = plugin_data_pb2.SessionEndInfo(status=1, end_time_secs=BEGIN + 60)
    events = [event(file_version="brain.Event:2")]
    events.append(
        event(summary=session(metadata.SESSION_START_INFO_TAG, session_start_info=start)))
    for step in range(1, 6):
        events.append(event(step=step, summary=summary_pb2.Summary(
            value=[value("train/loss", 2.0 / step), value("eval accuracy", step / 8)])))
    events.append(event(step=6, summary=summary_pb2.Summary(
        value=[value("train/loss", float("nan")), value("eval accuracy", float("inf"))])))
    # As TensorFlow 2 writes a scalar: a tensor of no dimensions.
    tensor = tensor_pb2.TensorProto(
        dtype=1, tensor_shape=tensor_shape_pb2.TensorShapeProto(),
        tensor_content=struct.pack("<f", 0.75))
    scalar = summary_pb2.SummaryMetadata(
        plugin_data=summary_pb2.SummaryMetadata.PluginData(plugin_name="scalars"))
    events.append(event(step=6, summary=summary_pb2.Summary(
        value=[summary_pb2.Summary.Value(tag="test/accuracy", tensor=tensor, metadata=scalar)])))
    events.append(event(summary=session(metadata.SESSION_END_INFO_TAG, session_end_info=end)))
    return b"".join(record(e.SerializeToString(deterministic=True)) for e in events)


def database(path: pathlib.Path) -> None:
    """Two runs: one finished, with odd values; one that was killed and reads as running."""
    import mlflow
    from mlflow.entities import Metric, Param, RunTag
    from mlflow.tracking import MlflowClient

    client = MlflowClient(f"sqlite:///{path}")
    experiment = client.create_experiment("glue sweep/1", artifact_location="artifacts")
    first = client.create_run(experiment, start_time=BEGIN * 1000, run_name="first").info.run_id
    metrics = [Metric("train/loss", 2 / s, (BEGIN + s) * 1000, s) for s in range(1, 6)]
    # Logged without a step: told apart by time alone.
    metrics += [Metric("unstepped", s / 4, (BEGIN + s) * 1000, 0) for s in range(3)]
    metrics += [
        Metric("eval_accuracy", 0.625, (BEGIN + 5) * 1000, 5),
        Metric("test/f1", 0.5, (BEGIN + 5) * 1000, 5),
        Metric("odd", float("nan"), (BEGIN + 1) * 1000, 1),
        Metric("odd", float("inf"), (BEGIN + 2) * 1000, 2),
        Metric("odd", float("-inf"), (BEGIN + 3) * 1000, 3)]
    params = {"model": "t5-small", "dataset": "rte", "lr": "3e-4", "seed": "7", "layers": "12",
              "fp16": "False", "note": "a, \"b\""}
    tags = {"mlflow.note.content": "A remark.", "mlflow.source.git.commit": "abc123",
            "stage": "draft"}
    client.log_batch(
        first, metrics, [Param(k, v) for k, v in params.items()],
        [RunTag(k, v) for k, v in tags.items()])
    client.set_terminated(first, "FINISHED", end_time=(BEGIN + 60) * 1000)
    second = client.create_run(experiment, start_time=BEGIN * 1000, run_name="second").info.run_id
    client.log_metric(second, "train/loss", 3.0, (BEGIN + 1) * 1000, 1)
    mlflow.set_tracking_uri("")

    connection = sqlite3.connect(path)
    connection.execute("PRAGMA foreign_keys = OFF")
    for old, new in zip((first, second), RUNS):
        for table in ("runs", "metrics", "latest_metrics", "params", "tags"):
            connection.execute(
                f"UPDATE {table} SET run_uuid = ? WHERE run_uuid = ?", (new, old))
        connection.execute(
            "UPDATE runs SET artifact_uri = 'artifacts', user_id = 'somebody' WHERE run_uuid = ?",
            (new,))
    connection.execute("DELETE FROM tags WHERE key IN ('mlflow.user', 'mlflow.source.name')")
    connection.execute("UPDATE experiments SET artifact_location = 'artifacts'")
    connection.execute("UPDATE experiments SET creation_time = 0, last_update_time = 0")
    connection.commit()
    connection.close()


def shrink(path: pathlib.Path) -> None:
    """Leaves the tables of runs alone, so that the file in the repository is small."""
    keep = {"alembic_version", "experiments", "experiment_tags", "runs", "metrics",
            "latest_metrics", "params", "tags"}
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA foreign_keys = OFF")
    names = [n for n, in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for name in names:
        if name not in keep and not name.startswith("sqlite_"):
            connection.execute(f"DROP TABLE {name}")
    connection.commit()
    connection.execute("PRAGMA page_size = 512")
    connection.execute("VACUUM")
    connection.close()


def layout(path: pathlib.Path) -> str:
    """Every table and index of a fresh database, one a line, and its revision."""
    import mlflow
    connection = sqlite3.connect(path)
    revision, = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    lines = [f"-- The tables of MLflow {mlflow.__version__}, as SQLite says they are; "
             "made by Tests/Golden/golden_exchange.py."]
    for text, in connection.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' "
            "ORDER BY type = 'trigger', type DESC, name"):
        lines.append(" ".join(text.split()).replace("( ", "(").replace(" )", ")") + ";")
    lines.append(f"INSERT INTO alembic_version (version_num) VALUES ('{revision}');")
    for row in connection.execute("SELECT name, description FROM workspaces"):
        lines.append("INSERT INTO workspaces (name, description) VALUES ('%s', '%s');" % row)
    connection.close()
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--layout", action="store_true", help="write the layout of MLflow too")
    arguments = parser.parse_args()
    OUTPUT.mkdir(exist_ok=True)
    (OUTPUT / "events.out.tfevents.golden").write_bytes(event_file())
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "mlflow.db"
        database(path)
        if arguments.layout:
            LAYOUT.write_text(layout(path))
        shrink(path)
        (OUTPUT / "mlflow.db").write_bytes(path.read_bytes())


if __name__ == "__main__":
    main()
