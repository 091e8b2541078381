"""T5 written out in PyTorch, one unpadded sequence at a time, with a hook at every site of `dept`.

`golden_peft.py` asserts that the bare forward pass is transformers'. Linear weights are used as
`x @ w`, `[in, out]`. Paths are the words of `dept`: `encoder.0.query`, `decoder.1.cross-attention`.
"""

import json
import math
import pathlib

import torch
from safetensors.torch import load_file
from transformers.models.t5.modeling_t5 import T5Attention


class Run:
    """One sequence on its way through a model, and what a method remembers of it."""

    def __init__(self, source: list[int], task: int = 0):
        self.source, self.task = source, task
        self.state: dict[str, torch.Tensor] = {}


class Method:
    """What acts at the sites of a model: here nothing does. Subclasses override the hooks.

    `values` are all tensors of the adapter, `parameters` those that are trained.
    """

    def __init__(self, model, tensors: dict, options: dict):
        self.model, self.options = model, options
        self.values = {n: torch.tensor(v, dtype=model.dtype) for n, v in sorted(tensors.items())}
        self.parameters = {
            n: v.requires_grad_(True) for n, v in self.values.items() if not self.is_held(n)}

    @classmethod
    def shapes(cls, model, options: dict):
        """Names with shape, standard deviation and mean of the values to start from."""
        return {}

    @staticmethod
    def is_held(name: str) -> bool:
        """Whether a tensor is part of the adapter, but never trained."""
        return False

    def groups(self, rate: float, low_rank_rate: float | None) -> list[dict]:
        return [{"params": list(self.parameters.values()), "base": rate}]

    def weight(self, path: str) -> torch.Tensor:
        own = self.values.get(f"{path}/weight")
        return self.model.weight(path) if own is None else own

    def enter(self, site: str, rows, run: Run):
        """The word embeddings that enter a stack, before positions are added."""
        return rows

    def first_position(self) -> int:
        """The absolute position of the first row, where a model has such."""
        return 0

    def begin(self, stack: str, x, run: Run):
        """Sees what enters the first block."""

    def entering(self, site: str, x):
        """What a linear layer reads."""
        return x

    def linear(self, site: str, x, y):
        """What a linear layer, having read `x`, gives."""
        return y

    def norm(self, site: str, y):
        return y

    def memory(self, site: str, keys, values):
        """The keys and values of an attention, `[rows, heads · head width]`."""
        return keys, values

    def call(self, site: str, y, run: Run):
        """What a sublayer gives, before it is added to the residual stream."""
        return y

    def block(self, path: str, x, run: Run):
        """Sees what a block gives."""

    def finish(self, stack: str, hidden, run: Run):
        """What a stack gives after its final norm."""
        return hidden


def attend(queries, keys, values, heads: int, scale: float, bias=0.0, causal: bool = False):
    """Attention of `[rows, heads · width]`; causal queries are the last rows of the keys."""
    def split(x):
        return x.reshape(x.shape[0], heads, -1).transpose(0, 1)

    scores = split(queries) @ split(keys).transpose(1, 2) * scale + bias
    if causal:
        future = torch.ones(scores.shape[1:], dtype=torch.bool).triu(
            1 + keys.shape[0] - queries.shape[0])
        scores = scores.masked_fill(future, -math.inf)
    return (scores.softmax(-1) @ split(values)).transpose(0, 1).reshape(queries.shape[0], -1)


def rms_norm(x, weight, epsilon: float):
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + epsilon) * weight


def gelu_new(x):
    return torch.nn.functional.gelu(x, approximate="tanh")


class Backbone:
    """The tensors of a model under their Hugging Face names, found by path."""

    def __init__(self, folder: pathlib.Path, dtype: torch.dtype = torch.float32):
        self.dtype = dtype
        self.config = json.loads((folder / "config.json").read_text())
        self.tensors = {
            n: t.to(dtype) for n, t in load_file(folder / "model.safetensors").items()}

    def blocks(self) -> list[str]:
        return [f"{stack}.{layer}" for stack, n in self.stacks.items() for layer in range(n)]

    def attentions(self) -> list[str]:
        """The self-attentions."""
        return [f"{path}.attention" for path in self.blocks()]

    def project(self, method: Method, path: str, x):
        """A linear layer with the bias that the model itself has, if any."""
        x = method.entering(path, x)
        y = x @ method.weight(path)
        if self.has_biases:
            y = y + method.weight(f"{path}-bias")
        return method.linear(path, x, y)

    def log_probabilities(self, method: Method, source, target, task: int = 0):
        """Of every token of `target`."""
        logs = self.logits(method, source, target, task).log_softmax(-1)
        return logs[torch.arange(len(target)), torch.tensor(target)]

    def mean_loss(self, method: Method, sources, targets, task: int = 0):
        """The cross-entropy, averaged over all target tokens of the batch."""
        return -torch.cat([self.log_probabilities(method, s, t, task)
                           for s, t in zip(sources, targets)]).mean()

    def greedy(self, method: Method, source, limit: int, task: int = 0) -> dict:
        """The likeliest tokens, the end token included, and the smallest lead of the best."""
        ids, margins = [], []
        with torch.no_grad():
            while len(ids) < limit and self.end not in ids:
                best = self.logits(method, source, ids + [0], task)[-1].topk(2)
                ids.append(int(best.indices[0]))
                margins.append(float(best.values[0] - best.values[1]))
        return {"ids": ids, "margin": min(margins)}


class T5(Backbone):
    source_input = "encoder.input"
    has_biases = False
    end = 1
    prompt_deviation = 1.0

    def __init__(self, folder, dtype=torch.float32):
        super().__init__(folder, dtype)
        c = self.config
        self.width, self.heads, self.hidden = c["d_model"], c["num_heads"], c["d_ff"]
        self.inner, self.vocabulary = c["num_heads"] * c["d_kv"], c["vocab_size"]
        self.epsilon, self.buckets = c["layer_norm_epsilon"], c["relative_attention_num_buckets"]
        self.farthest = c["relative_attention_max_distance"]
        self.stacks = {"encoder": c["num_layers"], "decoder": c["num_decoder_layers"]}
        self.is_gated = c["feed_forward_proj"].startswith("gated")
        self.names = dict(self.places())

    def places(self):
        """Pairs of path and Hugging Face name."""
        for stack, count in self.stacks.items():
            yield f"{stack}.final-norm", f"{stack}.final_layer_norm.weight"
            for layer in range(count):
                block, path = f"{stack}.block.{layer}.layer", f"{stack}.{layer}"
                parts = [("", "attention", f"{block}.0", "SelfAttention")]
                if stack == "decoder":
                    parts.append(("cross-", "cross-attention", f"{block}.1", "EncDecAttention"))
                for prefix, call, name, kind in parts:
                    yield f"{path}.{call}-norm", f"{name}.layer_norm.weight"
                    for part in ["query", "key", "value", "output"]:
                        yield f"{path}.{prefix}{part}", f"{name}.{kind}.{part[0]}.weight"
                name = f"{block}.{len(parts)}"
                yield f"{path}.feed-forward-norm", f"{name}.layer_norm.weight"
                linears = {"gate": "wi_0", "up": "wi_1"} if self.is_gated else {"up": "wi"}
                for part, end in (linears | {"down": "wo"}).items():
                    yield f"{path}.{part}", f"{name}.DenseReluDense.{end}.weight"

    def linears(self) -> dict[str, tuple[int, int]]:
        """What each linear layer inside the blocks reads and gives."""
        return {p: tuple(reversed(self.tensors[n].shape)) for p, n in self.names.items()
                if not p.endswith("norm")}

    def norms(self) -> dict[str, int]:
        return {p: self.width for p in self.names if p.endswith("norm")}

    def weight(self, path: str):
        tensor = self.tensors[self.names[path]]
        return tensor.T if tensor.ndim == 2 else tensor

    def normalized(self, method, path, x):
        return method.norm(path, rms_norm(x, method.weight(path), self.epsilon))

    def position_bias(self, stack: str, table, queries: int, keys: int):
        """`[heads, queries, keys]` of a table `[buckets, heads]`; queries are the last rows.

        Rows that prefix tuning puts before the keys take the places before the sequence.
        """
        distance = torch.arange(keys)[None] - torch.arange(keys - queries, keys)[:, None]
        bucket = T5Attention._relative_position_bucket(
            distance, stack == "encoder", self.buckets, self.farthest)
        return table[bucket].permute(2, 0, 1)

    def attention(self, method, path, prefix, x, memory, run):
        q, k, v = (self.project(method, f"{path}.{prefix}{part}", rows)
                   for part, rows in [("query", x), ("key", memory), ("value", memory)])
        k, v = method.memory(f"{path}.{prefix}attention", k, v)
        stack, bias, causal = path.split(".")[0], 0.0, False
        if not prefix:
            name = f"{stack}.block.0.layer.0.SelfAttention.relative_attention_bias.weight"
            bias = self.position_bias(stack, self.tensors[name], q.shape[0], k.shape[0])
            causal = stack == "decoder"
        y = self.project(
            method, f"{path}.{prefix}output", attend(q, k, v, self.heads, 1.0, bias, causal))
        return method.call(f"{path}.{prefix}attention", y, run)

    def feed_forward(self, method, path, x, run):
        if self.is_gated:
            x = gelu_new(self.project(method, f"{path}.gate", x)) * self.project(
                method, f"{path}.up", x)
        else:
            x = self.project(method, f"{path}.up", x).relu()
        return method.call(
            f"{path}.feed-forward", self.project(method, f"{path}.down", x), run)

    def stack(self, method, run: Run, stack: str, ids: list[int], encoded=None):
        x = method.enter(f"{stack}.input", self.tensors["shared.weight"][ids], run)
        method.begin(stack, x, run)
        for layer in range(self.stacks[stack]):
            path = f"{stack}.{layer}"
            h = self.normalized(method, f"{path}.attention-norm", x)
            x = x + self.attention(method, path, "", h, h, run)
            if encoded is not None:
                h = self.normalized(method, f"{path}.cross-attention-norm", x)
                x = x + self.attention(method, path, "cross-", h, encoded, run)
            h = self.normalized(method, f"{path}.feed-forward-norm", x)
            x = x + self.feed_forward(method, path, h, run)
            method.block(path, x, run)
        return method.finish(stack, self.normalized(method, f"{stack}.final-norm", x), run)

    def logits(self, method, source, target, task: int = 0):
        """`[target, vocabulary]`; the decoder reads 0, then the target without its last token."""
        run = Run(source, task)
        encoded = self.stack(method, run, "encoder", source)
        hidden = self.stack(method, run, "decoder", [0] + target[:-1], encoded)
        head = self.tensors.get("lm_head.weight")
        if head is None:
            hidden, head = hidden * self.width**-0.5, self.tensors["shared.weight"]
        return method.linear("decoder.head", hidden, hidden @ head.T)
