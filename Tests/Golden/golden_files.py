"""How fixtures are written, and distances between tensors."""

import json
import pathlib

import torch

from golden_model import write_safetensors


def save(path: pathlib.Path, tensors: dict[str, torch.Tensor], metadata=None) -> None:
    arrays = {n: t.detach().float().contiguous().numpy() for n, t in tensors.items()}
    write_safetensors(path, arrays, metadata or {})


def write_json(path: pathlib.Path, value) -> None:
    """One line for each element two levels down: short enough to read, small enough to keep."""
    path.write_text(compact(value, 3) + "\n")


def compact(value, levels: int, indent: str = "") -> str:
    if levels == 0 or not isinstance(value, (dict, list)) or not value:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    inner = indent + " "
    if isinstance(value, dict):
        rows = [f"{inner}{json.dumps(k)}: {compact(v, levels - 1, inner)}"
                for k, v in value.items()]
        return "{\n" + ",\n".join(rows) + f"\n{indent}}}"
    if not isinstance(value[0], (dict, list)):
        return compact(value, 0)
    return "[\n" + ",\n".join(inner + compact(v, levels - 1, inner) for v in value) \
        + f"\n{indent}]"


def floats(values: torch.Tensor) -> list[float]:
    return [float(f"{v:.9g}") for v in values.tolist()]


def far(a: torch.Tensor, b: torch.Tensor) -> float:
    """The largest absolute difference."""
    return (a.detach().double() - b.detach().double()).abs().max().item()


def relative(a: torch.Tensor, b: torch.Tensor) -> float:
    """The largest absolute difference over the largest absolute value of the tensor.

    Of gradients that are zero but for rounding (the biases of keys), over 1e-3.
    """
    return far(a, b) / max(float(b.abs().max()), 1e-3)
