#!/usr/bin/env python3
"""Compares an installed `dept` with the reference values: tokenize, score, predict, train.

    python Tests/Golden/check_cli.py --dept .build/release/dept

Needs Python with numpy and safetensors. Prints one line per comparison with the largest
difference and ends with exit code 1 if any is beyond its tolerance. Not part of the test suite,
which compares below the command line.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy
from safetensors import safe_open
from safetensors.numpy import load_file

HERE = pathlib.Path(__file__).resolve().parent
SCORE_TOLERANCE, LOSS_TOLERANCE, PARAMETER_TOLERANCE = 1e-4, 1e-3, 2e-3
# What follows a source for a decoder alone, as in the DePT authors' code.
ENDING = " Label : "


class Check:
    """One `dept` and one model; remembers whether anything failed."""

    def __init__(self, dept: str, folder: pathlib.Path, scratch: pathlib.Path):
        self.dept, self.folder, self.scratch = dept, folder, scratch
        self.golden = json.loads((folder / "commands.json").read_text())
        self.is_decoder = (folder / "merges.txt").exists()
        self.failures = 0

    def line(self, what: str, good: bool, detail: str) -> None:
        self.failures += not good
        print(f"{'ok  ' if good else 'FAIL'} {self.folder.name:8} {what:28} {detail}", flush=True)

    def call(self, what: str, *words, stdin: str = "") -> str | None:
        """Standard output of `dept WORDS`, or nothing after reporting the failure."""
        command = [self.dept, *map(str, words)]
        environment = os.environ | {"DEPT_HOME": str(self.scratch / "home"), "DEPT_OFFLINE": "1"}
        done = subprocess.run(
            command, input=stdin, env=environment, text=True, capture_output=True)
        if done.returncode == 0:
            return done.stdout
        reason = (done.stderr.strip().splitlines() or ["no message"])[-1]
        self.line(what, False, f"exit code {done.returncode}: {reason}")
        return None

    def run(self, kinds: list[str]) -> None:
        self.tokenize()
        self.answers("none", None)
        # The adapter of LST lacks the gates that are declared and never used.
        for kind in kinds or [k for k in self.golden["train"] if k != "lst"]:
            if kind in self.golden["score"]:
                self.answers(kind, self.folder / f"{kind}.adapter.safetensors")
            trained = self.train(kind)
            if trained is not None and f"{kind}-trained" in self.golden["score"]:
                self.answers(f"{kind}-trained", trained)

    def settings(self, kind: str) -> list[str]:
        """The method of an entry and its hyperparameters, as its adapter file says."""
        if kind == "ft":
            return ["--method", "ft"]
        with safe_open(self.folder / f"{kind}.adapter.safetensors", "np") as file:
            said = file.metadata()
        options = json.loads(said["dept.hyperparameters"])
        if said["dept.method"] == "lora-bitfit":
            options["dropout"] = 0  # the values were computed without
        words = ["--method", said["dept.method"]]
        for key, value in options.items():
            text = value if isinstance(value, str) else json.dumps(value)
            words += ["--set", f"{key}={text}"]
        return words

    def tokenize(self) -> None:
        ending = ENDING if self.is_decoder else ""
        texts = [json.loads(row)["source"] + ending for row in self.rows("train.jsonl")]
        output = self.call(
            "tokenize", "tokenize", "--backbone", self.folder, "--json",
            stdin="".join(text + "\n" for text in texts))
        if output is not None:
            ids = [json.loads(row) for row in output.splitlines()]
            if self.is_decoder:  # its sources have no end token
                ids = [row[:-1] for row in ids]
            wrong = differing(ids, self.golden["untruncated_source_ids"])
            self.line("tokenize", not wrong, f"{len(wrong)} of {len(texts)} lines differ {wrong}")

    def answers(self, key: str, adapter: pathlib.Path | None) -> None:
        backbone = ["--backbone", self.folder]
        adapter_words = [] if adapter is None else ["--adapter", adapter]
        output = self.scratch / f"{key}.jsonl"
        what = f"score {key}"
        if self.call(what, "score", *backbone, *adapter_words, "--input",
                     self.folder / "score.jsonl", "--output", output) is not None:
            self.score(what, key, [json.loads(r) for r in output.read_text().splitlines()])
        sources = [json.loads(row)["source"] + "\n" for row in self.rows("score.jsonl")]
        known = {entry["beams"] for entry in self.golden["predict"][key][0]}
        for beams in sorted(known):
            what = f"predict {key}, {beams} beam{'s' * (beams > 1)}"
            text = self.call(what, "predict", *backbone, *adapter_words, "--beams", beams,
                             "--max-length", 12, stdin="".join(sources))
            if text is not None:
                self.predict(what, key, beams, text.splitlines())

    def score(self, what: str, key: str, rows: list[dict]) -> None:
        lines, expected = self.golden["score_lines"], self.golden["score"][key]
        if len(rows) != len(lines):
            return self.line(what, False, f"{len(rows)} lines, expected {len(lines)}")
        for name in ("source_ids", "target_ids"):
            wrong = differing([r[name] for r in rows], [self.golden[name][i] for i in lines])
            if wrong:
                return self.line(what, False, f"{name} differ on lines {wrong}")
        if [len(r["logprobs"]) for r in rows] != [len(e) for e in expected]:
            return self.line(what, False, "not one log-probability for each target token")
        worst = max(abs(a - b) for r, e in zip(rows, expected) for a, b in zip(r["logprobs"], e))
        self.line(what, worst <= SCORE_TOLERANCE, f"largest difference {worst:.2e}")

    def predict(self, what: str, key: str, beams: int, lines: list[str]) -> None:
        """`--max-length 12` may or may not count the decoder's start token: either is taken."""
        best = None
        for tokens in (11, 12):
            expected = [
                next(p["text"] for p in row if (p["beams"], p["new_tokens"]) == (beams, tokens))
                for row in self.golden["predict"][key]]
            wrong = differing([x.strip() for x in lines], [x.strip() for x in expected])
            if best is None or len(wrong) < len(best[0]):
                best = (wrong, tokens)
        wrong, tokens = best
        self.line(what, not wrong, f"{len(wrong)} lines differ {wrong} ({tokens} new tokens)")

    def train(self, kind: str) -> pathlib.Path | None:
        golden, output = self.golden["train"][kind], self.scratch / f"train-{kind}"
        what = f"train {kind}"
        words = ["train", "--backbone", self.folder, *self.settings(kind), "--train", self.folder / "train.jsonl", "--steps", self.golden["steps"],
                 "--batch-size", self.golden["batch_size"],
                 "--learning-rate", golden["learning_rate"], "--warmup", self.golden["warmup"],
                 "--weight-decay", 0, "--clip", self.golden["clip"], "--dropout", 0,
                 "--order", "sequential", "--seed", 1, "--output", output,
                 "--source-length", self.golden["source_length"],
                 "--target-length", self.golden["target_length"]]
        if golden.get("low_rank_learning_rate") is not None:
            words += ["--low-rank-learning-rate", golden["low_rank_learning_rate"]]
        if kind != "ft":
            words += ["--init", self.folder / f"{kind}.adapter.safetensors"]
        if self.call(what, *words) is None:
            return None
        rows = [json.loads(r) for r in (output / "metrics.jsonl").read_text().splitlines()]
        losses = {r["step"]: r["value"] for r in rows if r["name"] == "train/loss"}
        expected = {i + 1: step["loss"] for i, step in enumerate(golden["steps"])}
        if sorted(losses) != sorted(expected):
            self.line(what, False, f"losses for steps {sorted(losses)}")
        else:
            differences = [abs(losses[step] - expected[step]) for step in sorted(expected)]
            self.line(what, max(differences) <= LOSS_TOLERANCE,
                      f"largest difference of a loss {max(differences):.2e}, by step "
                      + " ".join(f"{d:.0e}" for d in differences))
        self.parameters(kind, output)
        return output

    def parameters(self, kind: str, output: pathlib.Path) -> None:
        """The adapter after training. A full model is compared where it is kept, by our name."""
        path, what = output / "adapter.safetensors", f"trained {kind}"
        reference = self.folder / f"{kind}.trained.safetensors"
        if kind == "ft" or not reference.exists():
            return
        if not path.exists():
            return self.line(what, False, "no adapter.safetensors")
        ours, theirs = load_file(path), load_file(reference)
        if {n: t.shape for n, t in ours.items()} != {n: t.shape for n, t in theirs.items()}:
            extra = sorted(set(ours) ^ set(theirs))
            return self.line(what, False, f"names or shapes differ: {extra[:4]}")
        worst = max(float(numpy.abs(ours[n] - t).max()) for n, t in theirs.items())
        self.line(what, worst <= PARAMETER_TOLERANCE, f"largest difference {worst:.2e}")

    def rows(self, name: str) -> list[str]:
        return (self.folder / name).read_text().splitlines()


def differing(a: list, b: list) -> list[int]:
    """Indices at which two lists differ, missing elements included."""
    longest = max(len(a), len(b))
    return [i for i in range(longest) if a[i : i + 1] != b[i : i + 1]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dept", default=str(HERE.parents[1] / ".build/release/dept"))
    parser.add_argument("--models", nargs="+", default=["t5-v1.0", "t5-v1.1", "gpt2-tiny"])
    parser.add_argument("--methods", nargs="+", default=[], help="entries; default: all")
    options = parser.parse_args()
    dept = str(pathlib.Path(options.dept).resolve())
    failures = 0
    for model in options.models:
        with tempfile.TemporaryDirectory() as scratch:
            check = Check(dept, HERE / model, pathlib.Path(scratch))
            check.run(options.methods)
            failures += check.failures
    print(f"{failures} failures")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
