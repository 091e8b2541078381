"""The values of every method written out in PyTorch: losses, answers, gradients, training."""

import dataclasses
import json
import zlib

import numpy
import torch
from safetensors.numpy import load_file

import golden_adapters as adapters
import golden_prompts as prompts
from golden_files import far, floats, relative, save
from golden_forward import Method
from golden_hyper import HyperDecoder, HyperFormer
from golden_ladder import LadderSideTuning
from golden_peft import assert_judged

STEPS, WARMUP, BATCH, CLIP = 12, 3, 4, 1.0
NEW_TOKENS = 11


@dataclasses.dataclass
class Entry:
    """A method with the hyperparameters of the fixtures; `name` is the catalogue's."""

    key: str
    name: str
    kind: type[Method]
    options: dict
    rate: float | None = None
    low_rank_rate: float | None = None
    tasks: int = 1

    @property
    def task(self) -> int:
        """The task whose values are kept: the last."""
        return self.tasks - 1

    def random(self, model, seed: int) -> dict[str, numpy.ndarray]:
        """Values to start from, none zero, by name so that no entry changes another's."""
        random = numpy.random.Generator(numpy.random.PCG64([seed, zlib.crc32(self.key.encode())]))
        shapes = self.kind.shapes(model, self.options | {"tasks": self.tasks})
        tensors = {
            name: (mean + deviation * random.standard_normal(shape)).astype(numpy.float32)
            for name, (shape, deviation, mean) in sorted(shapes.items())}
        assert all((t != 0).all() for t in tensors.values())
        return tensors

    def metadata(self) -> dict[str, str]:
        return {"dept.method": self.name, "dept.hyperparameters": json.dumps(
            dict(sorted(self.options.items())), separators=(",", ":"))}


def entries(is_t5: bool, source_rows: int) -> list[Entry]:
    """The methods whose values are made here; on T5 the first four are transformers'."""
    network = {"length": 3, "hiddenWidth": 4}
    # Adapters of width 2.
    hyper = {"reduction": 20 if is_t5 else 18, "embeddingWidth": 6, "hiddenWidth": 8}
    dept = {"promptLength": 3, "rank": 2, "sourceLength": source_rows}
    first = [] if is_t5 else [
        Entry("pt", "pt", prompts.PromptTuning, {"length": 4}, 0.1),
        Entry("dept", "dept", prompts.DePT, dept, 0.1, 5e-3),
        Entry("dept-end", "dept", prompts.DePT, dept | {"alignment": "end"}),
        Entry("lora", "lora", adapters.LoRA, {"alpha": 6, "rank": 3}, 3e-3),
        Entry("ft", "ft", adapters.FullFineTuning, {}, 1e-3)]
    t5_only = [] if not is_t5 else [
        Entry("lora-bitfit", "lora-bitfit", adapters.LoRAWithBitFit, {"alpha": 4, "rank": 2},
              0.01),
        Entry("hyperdecoder", "hyperdecoder", HyperDecoder,
              {"bottleneck": 2, "layerWidth": 3, "hiddenWidth": 8}, 3e-3)]
    return first + [
        Entry("bitfit", "bitfit", adapters.BitFit, {}, 0.02),
        Entry("adapter", "adapter", adapters.Adapter, {"bottleneck": 3}, 0.01),
        Entry("ia3", "ia3", adapters.IA3, {"scalesFeedForward": True}, 0.03),
        Entry("prefix", "prefix", prompts.PrefixTuning, {"length": 3}, 0.1),
        Entry("prefix-mlp", "prefix", prompts.PrefixTuning, network, 0.02),
        Entry("p-tuning", "p-tuning", prompts.PTuning, network | {"encoder": "mlp"}, 0.02),
        Entry("p-tuning-lstm", "p-tuning", prompts.PTuning, network | {"encoder": "lstm"}, 0.02),
        Entry("mpt", "mpt", prompts.MultitaskPromptTuning, {"length": 4}, 0.1, 0.1),
        Entry("mpt-two", "mpt", prompts.MultitaskPromptTuning, {"length": 4}, tasks=2),
        Entry("attempt", "attempt", prompts.ATTEMPT,
              {"length": 3, "bottleneck": 4, "sourceCount": 2,
               "temperature": 10 if is_t5 else 4}, 0.1, 0.1),
        Entry("adept", "adept", prompts.ADePT, {"promptLength": 3, "rank": 2}, 0.1, 0.1),
        Entry("hyperformer", "hyperformer", HyperFormer, hyper, 3e-3),
        Entry("hyperformer-two", "hyperformer", HyperFormer, hyper, tasks=2),
        Entry("lst", "lst", LadderSideTuning,
              {"layers": [0, 1] if is_t5 else [0, 2], "reduction": 4}, 0.01)] + t5_only


def method_values(folder, backbone, entry: Entry, sources, targets, seed: int):
    """Write the adapter and its gradients; returns the entry of `golden.json` and the noise."""
    made, noise = {}, {}
    for precision in (torch.float32, torch.float64):
        model = backbone(folder, precision)
        method = entry.kind(model, entry.random(model, seed), entry.options)
        loss = model.mean_loss(method, sources, targets, entry.task)
        gradients = torch.autograd.grad(loss, list(method.parameters.values()))
        made[precision] = (model, method, loss, dict(zip(method.parameters, gradients)))
    model, method, loss, gradients = made[torch.float32]
    exact, twin, exact_loss, exact_gradients = made[torch.float64]
    noise["loss"] = far(loss, exact_loss)
    noise["gradient"] = max(relative(g, exact_gradients[n]) for n, g in gradients.items())
    vanishing = [n for n, g in exact_gradients.items() if g.abs().max() < 1e-9]
    if vanishing:
        noise["no gradient"] = vanishing
    if entry.key != "ft":
        save(folder / f"{entry.key}.adapter.safetensors", method.values, entry.metadata())
    save(folder / f"{entry.key}.gradient.safetensors", gradients)
    value = {"method": entry.name, "loss": loss.item()}
    if entry.tasks > 1:
        value |= {"tasks": entry.tasks, "task": entry.task}
    if entry.key != "ft":
        judged = assert_judged(
            entry.key, method, folder, sources, targets, entry.tasks, entry.task)
        if judged is not None:
            noise["PEFT"] = judged
        with torch.no_grad():
            value["logprobs"] = [floats(model.log_probabilities(method, s, t, entry.task))
                                 for s, t in zip(sources, targets)]
        value["greedy"] = [model.greedy(method, s, NEW_TOKENS, entry.task) for s in sources]
        again = [exact.greedy(twin, s, NEW_TOKENS, entry.task) for s in sources]
        assert [g["ids"] for g in value["greedy"]] == [g["ids"] for g in again], (
            f"{entry.key}: a near tie")
        noise["greedy margin"] = min(g["margin"] for g in value["greedy"])
    return value, noise


def train(method: Method, loss_of, count: int, rate: float, low_rank_rate: float | None):
    """Twelve steps of torch.optim.AdamW on `count` examples in order, wrapping round.

    `loss_of` is the loss of examples by their indices.
    """
    orders = [[(step * BATCH + i) % count for i in range(BATCH)] for step in range(STEPS)]
    with torch.no_grad():
        initial = [loss_of(chosen).item() for chosen in orders]
    groups = method.groups(rate, low_rank_rate)
    optimizer = torch.optim.AdamW(groups, lr=0.0, betas=(0.9, 0.999), eps=1e-6, weight_decay=0)
    steps = []
    for step, chosen in enumerate(orders):
        factor = step / WARMUP if step < WARMUP else (STEPS - step) / (STEPS - WARMUP)
        for group in optimizer.param_groups:
            group["lr"] = group["base"] * factor
        loss = loss_of(chosen)
        optimizer.zero_grad()
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(list(method.parameters.values()), CLIP)
        optimizer.step()
        steps.append({"examples": chosen, "loss": loss.item(), "initial_loss": initial[step],
                      "gradient_norm": norm.item(), "learning_rate_factor": factor})
    return steps


def train_values(folder, backbone, entry: Entry, sources, targets, seed: int):
    """The entry of `commands.json`, the trained method, and the noise."""
    runs = {}
    for precision in (torch.float32, torch.float64):
        model = backbone(folder, precision)
        method = entry.kind(model, entry.random(model, seed), entry.options)

        def loss_of(chosen, model=model, method=method):
            return model.mean_loss(
                method, [sources[i] for i in chosen], [targets[i] for i in chosen])

        runs[precision] = train(
            method, loss_of, len(sources), entry.rate, entry.low_rank_rate), method
    steps, method = runs[torch.float32]
    exact, twin = runs[torch.float64]
    noise = {
        "training losses": max(abs(a["loss"] - b["loss"]) for a, b in zip(steps, exact)),
        "largest change of a loss": max(abs(s["loss"] - s["initial_loss"]) for s in steps),
        "trained": max(far(p, twin.parameters[n]) for n, p in method.parameters.items())}
    value = {"method": entry.name, "learning_rate": entry.rate,
             "low_rank_learning_rate": entry.low_rank_rate, "steps": steps}
    return value, method, noise


def all_values(folder, backbone, chosen: list[Entry], sources, targets, seed: int):
    """The entries of `golden.json` of several methods, and their noise."""
    values, noise = {}, {}
    for entry in chosen:
        values[entry.key], noise[entry.key] = method_values(
            folder, backbone, entry, sources, targets, seed)
    return values, noise


def assert_same_losses(folder, backbone, golden: dict, rows: int, sources, targets) -> float:
    """The methods computed with transformers' T5 have the same loss here; the difference."""
    model, worst = backbone(folder), 0.0
    for entry in entries(False, rows)[:4]:
        if entry.key in golden:
            tensors = load_file(folder / f"{entry.key}.adapter.safetensors")
            loss = model.mean_loss(
                entry.kind(model, tensors, entry.options), sources, targets)
            worst = max(worst, abs(loss.item() - golden[entry.key]["loss"]))
    assert worst < 1e-5, worst
    return worst
