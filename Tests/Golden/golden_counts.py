"""How many scalars each method trains on T5-base: what the literature reports."""

import math

from golden_forward import T5
from golden_values import entries

# Of hyperparameters: one task, two source prompts; LST without the gates of layers that have no
# side block (the literature counts all 24); HyperFormer's two generators and one task embedding.
EXPECTED = {
    "bitfit": ({}, 280_932),
    "adapter": ({"bottleneck": 24}, 1_855_104),
    "lora-bitfit": ({"rank": 32}, 3_819_876),
    "ia3": ({}, 55_296 + 24 * 3_072),
    "mpt": ({"length": 100}, 77_668),
    "attempt": ({"length": 100, "bottleneck": 100}, 231_936),
    "hyperformer": (
        {"reduction": 32, "embeddingWidth": 64, "hiddenWidth": 128}, 2 * 2_581_464 + 64),
    "hyperdecoder": ({"bottleneck": 64, "layerWidth": 10, "hiddenWidth": 128}, 15_259_192),
    "lst": ({"reduction": 8, "layers": [1, 2, 3, 5, 6, 7, 9, 10, 11]}, 3_878_712 - 24 + 18),
}


class T5Base(T5):
    """The shapes of T5-base, without weights; the head has what a tokenizer can write."""

    def __init__(self):
        self.width, self.inner, self.hidden, self.heads = 768, 768, 3072, 12
        self.vocabulary, self.buckets, self.is_gated = 32_100, 32, False
        self.stacks = {"encoder": 12, "decoder": 12}
        self.names = dict(self.places())

    def linears(self):
        sizes = {"up": (768, 3072), "down": (3072, 768)}
        return {p: sizes.get(p.split(".")[-1], (768, 768)) for p in self.names
                if not p.endswith("norm")}


def assert_counts() -> None:
    kinds = {entry.key: entry.kind for entry in entries(True, 256)}
    for key, (options, expected) in EXPECTED.items():
        shapes = kinds[key].shapes(T5Base(), options)
        count = sum(math.prod(shape) for name, (shape, _, _) in shapes.items()
                    if not kinds[key].is_held(name))
        assert count == expected, (key, count, expected)
