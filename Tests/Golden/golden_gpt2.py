"""A random small GPT-2 in Hugging Face layout, its tokenizer, and its forward pass written out.

A sequence is [prompt rows][source][target], packed, without padding; positions count from 0 at
the first row (after a prefix: from its length). Only target tokens are predicted, each from the
row before it. Prompts and offsets change word embeddings; positions are added afterwards.
"""

import json
import pathlib
from collections import Counter

import numpy
import regex
import torch

from golden_forward import Backbone, Method, Run, attend, gelu_new

VOCABULARY = 97
END = VOCABULARY - 1
CONFIGURATION = dict(
    n_embd=36, n_head=3, n_layer=3, n_inner=72, n_positions=96, vocab_size=VOCABULARY)


def write_model(folder: pathlib.Path, seed: int, write_safetensors) -> None:
    config = dict(
        architectures=["GPT2LMHeadModel"], model_type="gpt2", activation_function="gelu_new",
        layer_norm_epsilon=1e-5, attn_pdrop=0.1, embd_pdrop=0.1, resid_pdrop=0.1,
        bos_token_id=END, eos_token_id=END, tie_word_embeddings=True, torch_dtype="float32",
        **CONFIGURATION)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")
    write_safetensors(folder / "model.safetensors", random_weights(seed), {"format": "pt"})


def random_weights(seed: int) -> dict[str, numpy.ndarray]:
    """Uneven norms, biases everywhere, and positions as strong as words."""
    random = numpy.random.Generator(numpy.random.PCG64(seed))
    weights: dict[str, numpy.ndarray] = {}
    d, ff = CONFIGURATION["n_embd"], CONFIGURATION["n_inner"]

    def normal(name, *shape, deviation, mean=0.0):
        values = mean + random.standard_normal(shape) * deviation
        weights[f"transformer.{name}"] = values.astype(numpy.float32)

    def linear(name, into, out, gain=1.0):
        normal(f"{name}.weight", into, out, deviation=gain * into**-0.5)
        normal(f"{name}.bias", out, deviation=0.2)

    def norm(name):
        normal(f"{name}.weight", d, deviation=0.3, mean=1.0)
        normal(f"{name}.bias", d, deviation=0.2)

    normal("wte.weight", VOCABULARY, d, deviation=0.3)
    normal("wpe.weight", CONFIGURATION["n_positions"], d, deviation=0.3)
    for layer in range(CONFIGURATION["n_layer"]):
        block = f"h.{layer}"
        norm(f"{block}.ln_1")
        linear(f"{block}.attn.c_attn", d, 3 * d, gain=1.3)
        linear(f"{block}.attn.c_proj", d, d, gain=1.5)
        norm(f"{block}.ln_2")
        linear(f"{block}.mlp.c_fc", d, ff)
        linear(f"{block}.mlp.c_proj", ff, d, gain=1.5)
    norm("ln_f")
    # The end token is predicted often enough that some answers are short.
    words, bias = weights["transformer.wte.weight"], weights["transformer.ln_f.bias"]
    words[END] = 2 * (words[END] + bias)
    return weights


class GPT2(Backbone):
    source_input = "decoder.input"
    has_biases = True
    prompt_deviation = 0.3
    end = END

    def __init__(self, folder, dtype=torch.float32):
        super().__init__(folder, dtype)
        c = self.config
        self.width, self.inner, self.heads = c["n_embd"], c["n_embd"], c["n_head"]
        self.hidden, self.vocabulary = c["n_inner"], c["vocab_size"]
        self.epsilon, self.stacks = c["layer_norm_epsilon"], {"decoder": c["n_layer"]}
        self.places = {"decoder.final-norm": ("ln_f", None)}
        for layer, path in enumerate(self.blocks()):
            block = f"h.{layer}"
            for index, part in enumerate(["query", "key", "value"]):
                self.places[f"{path}.{part}"] = (f"{block}.attn.c_attn", index)
            self.places |= {
                f"{path}.output": (f"{block}.attn.c_proj", None),
                f"{path}.up": (f"{block}.mlp.c_fc", None),
                f"{path}.down": (f"{block}.mlp.c_proj", None),
                f"{path}.attention-norm": (f"{block}.ln_1", None),
                f"{path}.feed-forward-norm": (f"{block}.ln_2", None)}

    def weight(self, path: str):
        """A weight `[in, out]`, or the bias of `path` without `-bias`."""
        name, part = self.places[path.removesuffix("-bias")]
        kind = "bias" if path.endswith("-bias") else "weight"
        tensor = self.tensors[f"transformer.{name}.{kind}"]
        return tensor if part is None else tensor.chunk(3, -1)[part]

    def linears(self):
        return {p: tuple(self.weight(p).shape) for p in self.places if not p.endswith("norm")}

    def norms(self):
        return {p: self.width for p in self.places if p.endswith("norm")}

    def biases(self):
        return {f"{p}-bias": len(self.weight(f"{p}-bias")) for p in self.places}

    def normalized(self, method, path, x):
        return method.norm(path, torch.nn.functional.layer_norm(
            x, (self.width,), method.weight(path), method.weight(f"{path}-bias"), self.epsilon))

    def logits(self, method: Method, source, target, task: int = 0):
        """`[target, vocabulary]`."""
        run, words = Run(source, task), self.tensors["transformer.wte.weight"]
        x = method.enter("decoder.input", words[source + target[:-1]], run)
        first = method.first_position()
        x = x + self.tensors["transformer.wpe.weight"][first : first + len(x)]
        method.begin("decoder", x, run)
        for path in self.blocks():
            h = self.normalized(method, f"{path}.attention-norm", x)
            q, k, v = (self.project(method, f"{path}.{part}", h)
                       for part in ["query", "key", "value"])
            k, v = method.memory(f"{path}.attention", k, v)
            scale = (self.inner / self.heads) ** -0.5
            y = attend(q, k, v, self.heads, scale, causal=True)
            x = x + method.call(
                f"{path}.attention", self.project(method, f"{path}.output", y), run)
            h = self.normalized(method, f"{path}.feed-forward-norm", x)
            y = self.project(
                method, f"{path}.down", gelu_new(self.project(method, f"{path}.up", h)))
            x = x + method.call(f"{path}.feed-forward", y, run)
            method.block(path, x, run)
        hidden = method.finish("decoder", self.normalized(method, "decoder.final-norm", x), run)
        hidden = hidden[-len(target):]
        return method.linear("decoder.head", hidden, hidden @ words.T)


# MARK: the tokenizer: byte-level pairs, learned from the fixtures' own text


def train_tokenizer(folder: pathlib.Path, lines: list[str]) -> None:
    """Write `vocab.json` and `merges.txt`: the bytes of `lines`, then the most frequent pairs."""
    pattern = regex.compile(
        r"'(?:s|t|re|ve|m|ll|d)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")
    words = Counter(
        tuple(printable(byte) for byte in word.encode())
        for line in lines for word in pattern.findall(line))
    vocabulary = sorted({letter for word in words for letter in word})
    merges: list[tuple[str, str]] = []
    while len(vocabulary) < VOCABULARY - 1:
        pairs: Counter = Counter()
        for word, count in words.items():
            for pair in zip(word, word[1:]):
                pairs[pair] += count
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        merges.append(best)
        if "".join(best) not in vocabulary:
            vocabulary.append("".join(best))
        words = Counter({merged(word, best): count for word, count in words.items()})
    ids = {piece: index for index, piece in enumerate(vocabulary + ["<|endoftext|>"])}
    (folder / "vocab.json").write_text(json.dumps(ids, ensure_ascii=False) + "\n")
    rows = ["#version: 0.2"] + [" ".join(pair) for pair in merges]
    (folder / "merges.txt").write_text("\n".join(rows) + "\n")


def printable(byte: int) -> str:
    """GPT-2's letter for a byte: itself where it can be seen, else the next letter above 255."""
    seen = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [b for b in range(256) if b not in seen]
    return chr(byte) if byte in seen else chr(256 + hidden.index(byte))


def merged(word: tuple[str, ...], pair: tuple[str, str]) -> tuple[str, ...]:
    result, index = [], 0
    while index < len(word):
        together = word[index : index + 2] == pair
        result.append("".join(pair) if together else word[index])
        index += 1 + together
    return tuple(result)
