#!/usr/bin/env python3
"""Regenerates every reference value in this folder: `python make_golden.py`.

Needs torch, transformers, safetensors, sentencepiece and numpy (see README.md). Nothing is
downloaded. All seeds are fixed and one thread is used, so the same versions on the same kind of
processor write the same bytes. What each file holds is described in README.md.
"""

import argparse
import json
import pathlib
import platform
import random

import numpy
import peft
import sentencepiece
import torch
import transformers
from safetensors.numpy import load_file

import golden_gpt2_values as gpt2_values
import golden_model as models
import golden_text as text
from golden_counts import assert_counts
from golden_files import far, floats, relative, save, write_json
from golden_forward import T5
from golden_methods import KINDS, FullFineTuning, Untouched, random_adapters
from golden_peft import assert_bare
from golden_primitives import primitives
from golden_splits import splits
from golden_values import (
    BATCH, CLIP, STEPS, WARMUP, all_values, assert_same_losses, entries, train, train_values)

HERE = pathlib.Path(__file__).resolve().parent
# Source and target lengths of each batch, end token included, and the rows of DePT's A.
LENGTHS = {
    "t5-v1.0": ([5, 24, 1, 11, 17], [2, 9, 4, 1, 7], 24),
    "t5-v1.1": ([5, 24, 1, 11, 17], [2, 9, 4, 1, 7], 24),
    "t5-far": ([170, 3, 208, 60, 131], [5, 160, 1, 30, 2], 208),
}
# Base learning rates: of the prompt (or of everything), and of DePT's A and B.
RATES = {"pt": (0.3, None), "dept": (0.3, 5e-3), "lora": (3e-3, None), "ft": (1e-3, None)}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--output", type=pathlib.Path, default=HERE)
    output = arguments.parse_args().output
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    output.mkdir(parents=True, exist_ok=True)
    versions = {
        "python": platform.python_version(), "torch": torch.__version__,
        "transformers": transformers.__version__, "numpy": numpy.__version__,
        "sentencepiece": sentencepiece.__version__, "peft": peft.__version__}
    print(json.dumps(versions))
    assert_counts()
    write_json(output / "versions.json", versions)
    write_json(output / "primitives.json", primitives(seed=7))
    write_json(output / "splits.json", splits())
    spiece = text.train_tokenizer(models.PIECES)
    for index, name in enumerate(models.CONFIGURATIONS):
        folder = output / name
        models.write_model(folder, name, seed=100 + index)
        noise = model_values(folder, name, seed=200 + index)
        if name != "t5-far":
            (folder / "spiece.model").write_bytes(spiece)
            # Without this, transformers would add a hundred sentinels that the model lacks.
            write_json(folder / "tokenizer_config.json",
                       {"tokenizer_class": "T5Tokenizer", "extra_ids": 0})
            noise |= command_values(folder, text.tokenizer(spiece), seed=200 + index)
        print(name, json.dumps(noise, indent=2))
    print("gpt2-tiny", json.dumps(gpt2_values.write(output / "gpt2-tiny", seed=111), indent=2))


# MARK: logits, generation and gradients of one batch of ids


def model_values(folder: pathlib.Path, name: str, seed: int) -> dict:
    """Write the values of one model on ids; returns the float32 noise of PyTorch itself."""
    source_lengths, target_lengths, rows = LENGTHS[name]
    ids = random.Random(seed)
    sources = [[ids.randrange(3, 97) for _ in range(n - 1)] + [1] for n in source_lengths]
    targets = [[ids.randrange(3, 97) for _ in range(n - 1)] + [1] for n in target_lengths]
    model, exact = models.load(folder), models.load(folder, torch.float64)
    adapters = random_adapters(model, rows, seed)
    noise: dict[str, float] = {}

    with torch.no_grad():
        single = [models.logits(model, Untouched(), [s], [t]) for s, t in zip(sources, targets)]
        double = [models.logits(exact, Untouched(), [s], [t]) for s, t in zip(sources, targets)]
        batch, _ = models.logits(model, Untouched(), sources, targets)
    noise["logits standard deviation"] = float(torch.cat([x[0][0] for x in single]).std())
    noise["logits, padded against single"] = max(
        far(batch[i, : len(t)], single[i][0][0]) for i, t in enumerate(targets))
    noise["logits, float32 against float64"] = max(
        far(x[0], y[0]) for x, y in zip(single, double))
    tensors = {f"logits.{i}": x[0][0] for i, x in enumerate(single)}
    tensors |= {f"encoder.{i}": x[1][0] for i, x in enumerate(single)}
    save(folder / "logits.safetensors", tensors)

    golden = {"examples": [], "methods": {}}
    for source, target, (scores, _) in zip(sources, targets, single):
        example = {"source": source, "target": target,
                   "logprobs": floats(models.log_probabilities(scores, [target])[0])}
        generated = generations(model, Untouched(), source)
        assert_score(model, source, generated["beam"])
        assert same_ids(generated, generations(exact, Untouched(), source)), "a near tie"
        golden["examples"].append(example | generated)

    for kind in ["pt", "dept", "lora", "ft"]:
        values = {}
        for precision, backbone in [(torch.float32, model), (torch.float64, exact)]:
            method = (FullFineTuning().attach(backbone) if kind == "ft"
                      else KINDS[kind](adapters[kind], precision))
            loss = models.mean_loss(backbone, method, sources, targets)
            gradients = torch.autograd.grad(loss, list(method.parameters.values()))
            values[precision] = (loss, dict(zip(method.parameters, gradients)), method)
            backbone.requires_grad_(False)
        loss, gradients, method = values[torch.float32]
        noise[f"{kind} gradient, relative, float32 against float64"] = max(
            relative(g, values[torch.float64][1][n]) for n, g in gradients.items())
        save(folder / f"{kind}.gradient.safetensors", gradients)
        entry = {"loss": loss.item()}
        if kind != "ft":
            # What `dept` writes beside its own adapters, so that the file describes itself.
            save(folder / f"{kind}.adapter.safetensors", method.parameters,
                 {"dept.method": kind, "dept.hyperparameters": hyperparameters(kind, rows)})
            with torch.no_grad():
                entry["logprobs"] = [
                    floats(models.log_probabilities(
                        models.logits(model, method, [s], [t])[0], [t])[0])
                    for s, t in zip(sources, targets)]
            entry["generations"] = [generations(model, method, s) for s in sources]
            twin = values[torch.float64][2]
            assert all(same_ids(g, generations(exact, twin, s))
                       for g, s in zip(entry["generations"], sources)), "a near tie"
        golden["methods"][kind] = entry
    noise["written out, against transformers"] = max(
        assert_bare(T5(folder), folder, sources, targets),
        assert_same_losses(folder, T5, golden["methods"], rows, sources, targets))
    margins = [e["greedy"]["margin"] for e in golden["examples"]] + [
        g["greedy"]["margin"] for m in golden["methods"].values()
        for g in m.get("generations", [])]
    noise["greedy margin, smallest"] = min(margins)
    if name != "t5-far":
        values, more = all_values(folder, T5, entries(True, rows), sources, targets, seed)
        golden["methods"] |= values
        noise |= more
    write_json(folder / "golden.json", golden)
    return noise


def generations(model, method, source: list[int], max_length: int = 12) -> dict:
    return {"greedy": models.generate(model, method, source, 1, max_length),
            "beam": models.generate(model, method, source, 4, max_length)}


def same_ids(a: dict, b: dict) -> bool:
    return all(a[kind]["ids"] == b[kind]["ids"] for kind in a)


def assert_score(model, source: list[int], beam: dict) -> None:
    """A beam's score is the sum of its log-probabilities over the number of its tokens."""
    with torch.no_grad():
        scores, _ = models.logits(model, Untouched(), [source], [beam["ids"]])
    mean = models.log_probabilities(scores, [beam["ids"]])[0].mean().item()
    assert abs(mean - beam["score"]) < 1e-5, (mean, beam)


# MARK: what `dept tokenize`, `score`, `predict` and `train` should give


def command_values(folder: pathlib.Path, processor, seed: int) -> dict:
    """Write `commands.json`, the examples and the trained parameters; returns the noise."""
    sources = [text.encode(processor, s, text.SOURCE_LENGTH) for s, _ in text.EXAMPLES]
    targets = [text.encode(processor, t, text.TARGET_LENGTH) for _, t in text.EXAMPLES]
    whole = [processor.encode(s) + [1] for s, _ in text.EXAMPLES]
    whole_targets = [processor.encode(t) + [1] for _, t in text.EXAMPLES]
    reference = transformers.AutoTokenizer.from_pretrained(folder)
    for limit, rows, column in [(text.SOURCE_LENGTH, sources, 0), (text.TARGET_LENGTH, targets, 1)]:
        texts = [example[column] for example in text.EXAMPLES]
        assert rows == reference(texts, truncation=True, max_length=limit).input_ids
    # Scoring and prediction are compared on what needs no cutting.
    short = [i for i in range(len(whole))
             if whole[i] == sources[i] and whole_targets[i] == targets[i]]
    text.write_examples(folder / "train.jsonl", text.EXAMPLES)
    text.write_examples(folder / "score.jsonl", [text.EXAMPLES[i] for i in short])
    golden: dict = {
        "source_length": text.SOURCE_LENGTH, "target_length": text.TARGET_LENGTH,
        "steps": STEPS, "warmup": WARMUP, "batch_size": BATCH, "clip": CLIP,
        "source_ids": sources, "target_ids": targets, "untruncated_source_ids": whole,
        "score_lines": short, "score": {}, "predict": {}, "train": {}}
    noise: dict[str, float] = {}
    margins: list[float] = []

    def answers(key: str, model, method) -> None:
        golden["score"][key] = []
        golden["predict"][key] = []
        for source, target in [(sources[i], targets[i]) for i in short]:
            with torch.no_grad():
                scores, _ = models.logits(model, method, [source], [target])
            golden["score"][key].append(floats(models.log_probabilities(scores, [target])[0]))
            golden["predict"][key].append(predictions(model, method, source, reference))
        margins.extend(p[0]["margin"] for p in golden["predict"][key])

    model = models.load(folder)
    answers("none", model, Untouched())
    for kind in KINDS:
        answers(kind, model, KINDS[kind](read(folder, kind)))
    for kind, (rate, low_rank_rate) in RATES.items():
        runs = {}
        for precision in (torch.float32, torch.float64):
            backbone = models.load(folder, precision)
            method = (FullFineTuning().attach(backbone) if kind == "ft"
                      else KINDS[kind](read(folder, kind), precision))

            def loss_of(chosen, backbone=backbone, method=method):
                return models.mean_loss(
                    backbone, method, [sources[i] for i in chosen], [targets[i] for i in chosen])

            steps = train(method, loss_of, len(sources), rate, low_rank_rate)
            runs[precision] = (steps, method, backbone)
        steps, method, backbone = runs[torch.float32]
        exact_steps, exact_method, _ = runs[torch.float64]
        golden["train"][kind] = {
            "learning_rate": rate, "low_rank_learning_rate": low_rank_rate, "steps": steps}
        noise[f"{kind} training losses, float32 against float64"] = max(
            abs(a["loss"] - b["loss"]) for a, b in zip(steps, exact_steps))
        noise[f"{kind} trained parameters, float32 against float64"] = max(
            far(p, exact_method.parameters[n]) for n, p in method.parameters.items())
        noise[f"{kind} training, largest change of a loss"] = max(
            abs(s["loss"] - s["initial_loss"]) for s in steps)
        if kind != "ft" or folder.name == "t5-v1.0":
            save(folder / f"{kind}.trained.safetensors", method.parameters)
        answers(f"{kind}-trained", backbone, method)
    for entry in entries(True, text.SOURCE_LENGTH):
        if entry.rate is not None:
            golden["train"][entry.key], _, noise[f"{entry.key}, trained"] = train_values(
                folder, T5, entry, sources, targets, seed)
    noise["greedy margin of predictions, smallest"] = min(margins)
    write_json(folder / "commands.json", golden)
    return noise


def predictions(model, method, source: list[int], reference) -> list[dict]:
    """Greedy and beam text for at most 11 and 12 new tokens."""
    results = []
    for beams in (1, 4):
        for max_length in (12, 13):
            made = models.generate(model, method, source, beams, max_length)
            results.append({"beams": beams, "new_tokens": max_length - 1,
                            "text": reference.decode(made["ids"], skip_special_tokens=True)} | made)
    return results


# MARK: files


def read(folder: pathlib.Path, kind: str) -> dict[str, numpy.ndarray]:
    return load_file(folder / f"{kind}.adapter.safetensors")


def hyperparameters(kind: str, rows: int) -> str:
    values = {"pt": {"length": 4}, "dept": {"promptLength": 3, "rank": 2, "sourceLength": rows},
              "lora": {"alpha": 6, "rank": 3}}
    return json.dumps(values[kind], separators=(",", ":"))


if __name__ == "__main__":
    main()
