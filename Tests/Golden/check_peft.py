#!/usr/bin/env python3
"""Compares an installed `dept` with Hugging Face's PEFT: adapters go both ways.

    python Tests/Golden/check_peft.py .build/release/dept

For every kind of adapter that both have: one that PEFT made is read by `dept`, one that `dept`
trained is read by PEFT, and each time both score the same targets. Then adapters are folded into
their backbone, which transformers reads. Needs Python with torch, transformers, peft and
safetensors, no network. Prints one line per comparison with the largest difference of a token's
log-probability and ends with exit code 1 if any is beyond the tolerance. Not part of the test
suite, which compares without Python.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import warnings

os.environ["HF_HUB_OFFLINE"] = "1"
warnings.filterwarnings("ignore")

import peft
import torch
import transformers

transformers.utils.logging.set_verbosity_error()
transformers.utils.logging.disable_progress_bar()

HERE = pathlib.Path(__file__).resolve().parent
TOLERANCE = 1e-4
DECODER_ONLY = '{"both":{"_0":{"stack":{"_0":"decoder"}},"_1":{"anyOf":{"_0":["attention"]}}}}'
# What `dept` trains: method and settings. A name may come more than once.
TRAINED = [
    ("lora", ["rank=3", "alpha=6"]),
    ("lora", ["rank=2", 'targets={"anyOf":{"_0":["query","up","down","output"]}}']),
    ("ia3", []),
    ("ia3", ["scalesFeedForward=true"]),
    ("pt", ["length=4"]),
    ("p-tuning", ["length=4", "hiddenWidth=8"]),
    ("p-tuning", ["length=4", "hiddenWidth=8", "encoder=lstm"]),
    ("mpt", ["length=4"]),
    ("prefix", ["length=4", f"targets={DECODER_ONLY}"]),
    ("prefix", ["length=4", "hiddenWidth=8", f"targets={DECODER_ONLY}"]),
]
REFUSED = [("dept", ["promptLength=2", "rank=2", "sourceLength=64"]), ("adapter", [])]
FOLDED = [("lora", ["rank=3", "alpha=6"]), ("ia3", ["scalesFeedForward=true"]), ("ft", [])]


class Check:
    """One `dept` and one model; remembers whether anything failed."""

    def __init__(self, dept: str, folder: pathlib.Path, scratch: pathlib.Path):
        self.dept, self.folder, self.scratch = dept, folder, scratch
        self.config = json.loads((folder / "config.json").read_text())
        self.is_t5 = self.config.get("model_type", "t5") == "t5"
        self.failures = 0
        self.rows = (folder / "train.jsonl").read_text().splitlines()[:4]
        (scratch / "pairs.jsonl").write_text("\n".join(self.rows) + "\n")
        known = json.loads(self.call("methods", "--json") or "[]")
        self.methods = {row["name"] for row in known.get("methods", [])} if isinstance(
            known, dict) else {row["name"] for row in known}

    def line(self, what: str, good: bool, detail: str) -> None:
        self.failures += not good
        print(f"{'ok  ' if good else 'FAIL'} {self.folder.name:8} {what:44} {detail}", flush=True)

    def call(self, *words, fails: bool = False) -> str | None:
        """Standard output of `dept WORDS`, or of its errors where it has to fail."""
        home = {"DEPT_HOME": str(self.scratch / "home"), "DEPT_OFFLINE": "1"}
        done = subprocess.run(
            [self.dept, *map(str, words)], env=os.environ | home, text=True, capture_output=True)
        if (done.returncode != 0) == fails:
            return done.stderr if fails else done.stdout
        reason = (done.stderr.strip().splitlines() or ["no message"])[-1]
        self.line(" ".join(map(str, words[:2])), False, f"exit code {done.returncode}: {reason}")
        return None

    # Both sides' numbers

    def base(self, folder: pathlib.Path | None = None):
        family = (
            transformers.T5ForConditionalGeneration if self.is_t5
            else transformers.GPT2LMHeadModel)
        return family.from_pretrained(folder or self.folder).eval()

    def scored(self, adapter=None, backbone=None) -> list[dict] | None:
        output = self.scratch / "scores.jsonl"
        words = [] if adapter is None else ["--adapter", adapter]
        done = self.call(
            "score", "--backbone", backbone or self.folder, "--input",
            self.scratch / "pairs.jsonl", "--output", output, *words)
        if done is None:
            return None
        return [json.loads(row) for row in output.read_text().splitlines()]

    def reference(self, model, row: dict, task: int | None) -> torch.Tensor:
        """The log-probability of each target token, with teacher forcing."""
        source, target = (torch.tensor([row[key]]) for key in ("source_ids", "target_ids"))
        extra = {} if task is None else {"task_ids": torch.tensor([task])}
        with torch.no_grad():
            if self.is_t5:
                logits = model(
                    input_ids=source, attention_mask=torch.ones_like(source), labels=target,
                    **extra).logits
            else:
                whole = torch.cat([source, target[:, :-1]], 1)
                logits = model(
                    input_ids=whole, attention_mask=torch.ones_like(whole), **extra).logits
        last = logits[0, -target.shape[1]:].log_softmax(-1)
        return last.gather(1, target.T)[:, 0]

    def compare(self, what: str, model, rows: list[dict] | None, task: int | None = None):
        if rows is None:
            return
        differences = [
            (self.reference(model, row, task) - torch.tensor(row["logprobs"])).abs().max().item()
            for row in rows]
        worst = max(differences)
        self.line(what, worst <= TOLERANCE, f"largest difference {worst:.1e}")

    # Adapters

    def configurations(self) -> dict:
        kind = {"task_type": "SEQ_2_SEQ_LM" if self.is_t5 else "CAUSAL_LM"}
        if self.is_t5:
            gated = "gated" in self.config.get("feed_forward_proj", "")
            inner = ["wi_0", "wi_1"] if gated else ["wi"]
            targets, all_linear = ["q", "v"], ["q", "k", "v", "o", "wo", *inner]
            layers = self.config.get("num_decoder_layers", self.config["num_layers"])
            sizes = {
                "num_layers": layers, "num_attention_heads": self.config["num_heads"],
                "token_dim": self.config["num_heads"] * self.config["d_kv"],
            }
            scaling = {"target_modules": ["k", "v", "wo"], "feedforward_modules": ["wo"]}
        else:
            targets, all_linear = ["c_attn"], ["c_attn", "c_proj", "c_fc"]
            sizes, scaling = {}, {}
        prompt = {"num_virtual_tokens": 5, **kind}
        one = {**prompt, "num_transformer_submodules": 1}
        hidden = {**prompt, "encoder_hidden_size": 8}
        return {
            "lora": peft.LoraConfig(r=3, lora_alpha=5, target_modules=targets, **kind),
            "lora of every layer, patterns": peft.LoraConfig(
                r=4, lora_alpha=6, use_rslora=True, target_modules=all_linear,
                rank_pattern={all_linear[-1]: 2}, alpha_pattern={targets[0]: 3}, **kind),
            "ia3": peft.IA3Config(**scaling, **kind),
            "prompt tuning": peft.PromptTuningConfig(**prompt),
            "prefix tuning": peft.PrefixTuningConfig(**prompt, **sizes),
            "prefix tuning by a network": peft.PrefixTuningConfig(
                **prompt, **sizes, prefix_projection=True, encoder_hidden_size=8),
            "p-tuning": peft.PromptEncoderConfig(**hidden),
            "p-tuning by an LSTM": peft.PromptEncoderConfig(
                **hidden, encoder_reparameterization_type="LSTM"),
            "multitask prompt tuning": peft.MultitaskPromptTuningConfig(
                num_tasks=3, num_ranks=1, **one),
        }

    needs = {"prefix": "prefix", "multitask": "mpt"}

    def from_peft(self, name: str, configuration) -> None:
        method = next((m for word, m in self.needs.items() if name.startswith(word)), "pt")
        if method not in self.methods:
            return print(f"--   {self.folder.name:8} {name}: this dept has no '{method}'")
        torch.manual_seed(7)
        model = peft.get_peft_model(self.base(), configuration).eval()
        for parameter in model.parameters():
            if parameter.requires_grad:
                parameter.data += 0.3 * torch.randn_like(parameter)
        folder = self.scratch / f"peft-{name.replace(' ', '-')}"
        model.save_pretrained(folder)
        adapter = folder.with_suffix(".safetensors")
        task = 1 if name.startswith("multitask") else None
        choice = [] if task is None else ["--task", task]
        done = self.call("adapter", "convert", folder, adapter, "--backbone", self.folder, *choice)
        if done is not None:
            loaded = peft.PeftModel.from_pretrained(self.base(), folder).eval()
            self.compare(f"PEFT to dept: {name}", loaded, self.scored(adapter), task)

    def train(self, index: int, method: str, settings: list[str]) -> pathlib.Path | None:
        output = self.scratch / f"trained-{method}-{index}"
        words = [word for setting in settings for word in ("--set", setting)]
        rates = ["--learning-rate", "0.01" if method == "ft" else "0.3"]
        done = self.call(
            "train", "--backbone", self.folder, "--method", method, *words, "--train",
            self.folder / "train.jsonl", "--steps", 3, "--batch-size", 4, *rates,
            "--dropout", 0, "--output", output)
        return None if done is None else output / "adapter.safetensors"

    def to_peft(self, index: int, method: str, settings: list[str]) -> None:
        adapter = self.train(index, method, settings)
        if adapter is None:
            return
        name = " ".join([method, *(s for s in settings if "{" not in s)])
        folder = self.scratch / f"to-peft-{method}-{index}"
        words = ("adapter", "convert", adapter, folder, "--backbone", self.folder)
        layers = self.config.get("num_decoder_layers", self.config.get("num_layers", 1))
        if method == "prefix" and self.is_t5 and layers % 2 == 0:
            # Each layer is trained to a prefix of its own, and PEFT has half as many.
            text = self.call(*words, fails=True)
            good = text is not None and "the same prefix" in text
            return self.line(f"dept to PEFT: {name}", good, "refused, as PEFT's layers share")
        if self.call(*words) is None:
            return
        model = peft.PeftModel.from_pretrained(self.base(), folder).eval()
        task = 0 if method == "mpt" else None
        self.compare(f"dept to PEFT: {name}", model, self.scored(adapter), task)
        back = self.scratch / f"back-{method}-{index}.safetensors"
        if self.call("adapter", "convert", folder, back, "--backbone", self.folder) is not None:
            self.compare(f"dept to PEFT to dept: {name}", model, self.scored(back), task)

    def folded(self, index: int, method: str, settings: list[str]) -> None:
        adapter = self.train(100 + index, method, settings)
        if adapter is None:
            return
        output = self.scratch / f"merged-{method}"
        words = ("adapter", "merge", adapter, "--backbone", self.folder, "--output", output)
        if self.call(*words) is not None:
            model = self.base(output)
            self.compare(f"folded, by transformers: {method}", model, self.scored(adapter))
            self.compare(f"folded, by dept: {method}", model, self.scored(backbone=output))

    def run(self) -> None:
        self.compare("no adapter", self.base(), self.scored())
        for name, configuration in self.configurations().items():
            self.from_peft(name, configuration)
        for index, (method, settings) in enumerate(TRAINED):
            if method in self.methods:
                self.to_peft(index, method, settings)
        for index, (method, settings) in enumerate(REFUSED):
            adapter = self.train(200 + index, method, settings)
            if adapter is not None:
                text = self.call(
                    "adapter", "convert", adapter, self.scratch / "none", "--backbone",
                    self.folder, fails=True)
                good = text is not None and "cannot be written for PEFT" in text
                self.line(f"dept to PEFT: {method}", good, "refused")
        for index, (method, settings) in enumerate(FOLDED):
            self.folded(index, method, settings)


def main() -> int:
    if len(sys.argv) < 2:
        print(__doc__)
        return 2
    dept = str(pathlib.Path(sys.argv[1]).resolve())
    names = sys.argv[2:] or [
        path.parent.name for path in sorted(HERE.glob("*/config.json"))
        if (path.parent / "train.jsonl").exists()]
    failures = 0
    for name in names:
        with tempfile.TemporaryDirectory() as scratch:
            check = Check(dept, HERE / name, pathlib.Path(scratch))
            check.run()
            failures += check.failures
    print("all agree" if failures == 0 else f"{failures} comparisons failed")
    return int(failures > 0)


if __name__ == "__main__":
    sys.exit(main())
