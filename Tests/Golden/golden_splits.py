"""Permutations of `torch.randperm`, and few-shot samples drawn with them."""

import struct

import torch

COUNTS = [1, 2, 28, 277, 1043, 67349]
SEEDS = [0, 42, 2**31]


def splits() -> dict:
    return {"permutations": [permutation(n, seed) for seed in SEEDS for n in COUNTS],
            "few_shot": [few_shot(*case) for case in cases()]}


def shuffled(count: int, seed: int) -> list[int]:
    return torch.randperm(count, generator=torch.Generator().manual_seed(seed)).tolist()


def permutation(count: int, seed: int) -> dict:
    order = shuffled(count, seed)
    return {"count": count, "seed": seed, "first": order[:5], "last": order[-5:],
            "fnv1a": f"{fnv1a(struct.pack(f'<{count}q', *order)):016x}"}


def fnv1a(data: bytes) -> int:
    """The 64-bit FNV-1a hash: a test needs no library for it."""
    value = 0xCBF29CE484222325
    for byte in data:
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return value


def cases():
    """Each example's class as a digit, the number of examples to draw, the seed."""
    even = "".join(str(i * i % 7 % 2) for i in range(60))
    three = "".join(str(i * i % 11 % 3) for i in range(90))
    scarce = "0" * 40 + "1" * 3
    for seed in [1, 2, 3]:
        for classes in [even, three, scarce]:
            for count in [1, 4, 16, 32]:
                yield classes, count, seed


def few_shot(classes: str, count: int, seed: int) -> dict:
    """The rule of the DePT paper's code, which can leave a sample short."""
    share = count // len(set(classes))
    taken = dict.fromkeys(classes, 0)
    chosen = []
    for place in shuffled(len(classes), seed):
        if len(chosen) == count:
            break
        if taken[classes[place]] < share or len(chosen) == count - 1:
            taken[classes[place]] += 1
            chosen.append(place)
    return {"classes": classes, "count": count, "seed": seed, "chosen": chosen}
