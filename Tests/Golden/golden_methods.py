"""The tuning methods, written directly on transformers' T5, under the tensor names of `dept`."""

import contextlib
import math

import numpy
import torch


class Untouched:
    """No intervention: the backbone as it is, or with its own weights trained."""

    def __init__(self):
        self.parameters: dict[str, torch.Tensor] = {}

    def embed(self, embeddings, mask):
        return embeddings, mask

    @contextlib.contextmanager
    def installed(self, model):
        yield

    def groups(self, rate: float, low_rank_rate: float | None) -> list[dict]:
        return [{"params": list(self.parameters.values()), "base": rate}]


class FullFineTuning(Untouched):
    """Every weight of the model, under its Hugging Face name (a tied head once)."""

    def attach(self, model):
        model.requires_grad_(True)
        self.parameters = dict(model.named_parameters())
        return self


class PromptTuning(Untouched):
    """X = [P; E]: the prompt `[length, width]` goes before the source (arXiv 2104.08691)."""

    def __init__(self, tensors: dict[str, numpy.ndarray], dtype=torch.float32):
        self.parameters = {
            name: torch.tensor(value, dtype=dtype).requires_grad_(True)
            for name, value in sorted(tensors.items())}

    def embed(self, embeddings, mask):
        prompt = self.parameters["encoder.input/prompt"]
        batch = embeddings.shape[0]
        ones = torch.ones(batch, prompt.shape[0], dtype=mask.dtype)
        return (torch.cat([prompt.expand(batch, -1, -1), embeddings], 1),
                torch.cat([ones, mask], 1))


class DePT(PromptTuning):
    """X = [P; E + 8/sqrt(r) · A B], rows of A by position in the source (arXiv 2309.05173)."""

    def embed(self, embeddings, mask):
        a = self.parameters["encoder.input/embedding.a"]
        b = self.parameters["encoder.input/embedding.b"]
        offset = (a @ b) * (8 / math.sqrt(a.shape[1]))
        return super().embed(embeddings + offset[: embeddings.shape[1]], mask)

    def groups(self, rate, low_rank_rate):
        prompt = [self.parameters["encoder.input/prompt"]]
        pair = [self.parameters[f"encoder.input/embedding.{x}"] for x in "ab"]
        return [{"params": prompt, "base": rate}, {"params": pair, "base": low_rank_rate}]


class LoRA(PromptTuning):
    """y = W x + alpha/rank · x A B at queries and values (arXiv 2106.09685)."""

    ALPHA = 6.0

    def embed(self, embeddings, mask):
        return embeddings, mask

    @contextlib.contextmanager
    def installed(self, model):
        handles = []
        for site, module in lora_sites(model):
            a, b = self.parameters[f"{site}/lora.a"], self.parameters[f"{site}/lora.b"]
            scale = self.ALPHA / a.shape[1]
            handles.append(module.register_forward_hook(
                lambda _, inputs, output, a=a, b=b, scale=scale:
                    output + scale * (inputs[0] @ a @ b)))
        try:
            yield
        finally:
            for handle in handles:
                handle.remove()


def lora_sites(model):
    """The query and value projections of every attention, with our names of their sites."""
    for layer, block in enumerate(model.encoder.block):
        attention = block.layer[0].SelfAttention
        yield f"encoder.{layer}.query", attention.q
        yield f"encoder.{layer}.value", attention.v
    for layer, block in enumerate(model.decoder.block):
        attention, cross = block.layer[0].SelfAttention, block.layer[1].EncDecAttention
        yield f"decoder.{layer}.query", attention.q
        yield f"decoder.{layer}.value", attention.v
        yield f"decoder.{layer}.cross-query", cross.q
        yield f"decoder.{layer}.cross-value", cross.v


KINDS = {"pt": PromptTuning, "dept": DePT, "lora": LoRA}


def random_adapters(model, source_length: int, seed: int) -> dict[str, dict[str, numpy.ndarray]]:
    """Random values, none zero, for prompt tuning (4 rows), DePT (m 3, r 2) and LoRA (rank 3)."""
    random = numpy.random.Generator(numpy.random.PCG64(seed))
    width = model.config.d_model

    def normal(*shape, deviation):
        return (random.standard_normal(shape) * deviation).astype(numpy.float32)

    prompt, pair = "encoder.input/prompt", "encoder.input/embedding"
    rank = 2
    adapters = {
        "pt": {prompt: normal(4, width, deviation=1.0)},
        "dept": {
            prompt: normal(3, width, deviation=1.0),
            f"{pair}.a": random.uniform(-1, 1, (source_length, rank)).astype(numpy.float32)
            / numpy.float32(math.sqrt(rank)),
            f"{pair}.b": normal(rank, width, deviation=0.1)},
        "lora": {},
    }
    for site, module in lora_sites(model):
        out, into = module.weight.shape
        adapters["lora"][f"{site}/lora.a"] = normal(into, 3, deviation=into**-0.5)
        adapters["lora"][f"{site}/lora.b"] = normal(3, out, deviation=0.2)
    return adapters
