"""Values of single primitives and their derivatives, computed by PyTorch in float64."""

import numpy
import torch
from transformers.models.t5.modeling_t5 import T5Attention

BUCKETS = [(32, 128), (8, 20), (16, 64), (32, 256), (6, 10)]


def primitives(seed: int) -> dict:
    """Inputs are float32 values; results are float64, except buckets, which transformers
    computes with a float32 logarithm."""
    random = numpy.random.Generator(numpy.random.PCG64(seed))

    def tensor(*shape):
        values = random.standard_normal(shape).astype(numpy.float32)
        return torch.tensor(values, dtype=torch.float64).requires_grad_(True)

    return {
        "gelu": gelu(), "relative_position_buckets": buckets(), "rms_norm": rms_norm(tensor),
        "cross_entropy": cross_entropy(tensor), "attention": attention(tensor),
        "adamw": [adamw(tensor, decay) for decay in (0.0, 0.01)],
    }


def rounded(x):
    """Nested lists with 10 significant digits."""
    if isinstance(x, torch.Tensor):
        x = x.detach().tolist()
    return [rounded(v) for v in x] if isinstance(x, list) else float(f"{x:.10g}")


def gelu() -> dict:
    inputs = torch.arange(-32, 33, dtype=torch.float64) / 4
    result = {"x": rounded(inputs)}
    for name, kind in [("tanh", "tanh"), ("erf", "none")]:
        x = inputs.clone().requires_grad_(True)
        y = torch.nn.functional.gelu(x, approximate=kind)
        y.sum().backward()
        result[name] = rounded(y)
        result[f"{name}_derivative"] = rounded(x.grad)
    return result


def buckets() -> list[dict]:
    """Bucket of every relative position (key minus query) from -300 to 300."""
    positions = torch.arange(-300, 301)
    return [
        {"bidirectional": bidirectional, "buckets": count, "max_distance": distance,
         "first_position": -300,
         "values": T5Attention._relative_position_bucket(
             positions, bidirectional=bidirectional, num_buckets=count,
             max_distance=distance).tolist()}
        for bidirectional in (True, False) for count, distance in BUCKETS]


def rms_norm(tensor) -> dict:
    x, weight, upstream = tensor(4, 7), tensor(7), tensor(4, 7)
    y = x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * weight
    (y * upstream.detach()).sum().backward()
    return {"epsilon": 1e-6, "x": rounded(x), "weight": rounded(weight), "y": rounded(y),
            "y_gradient": rounded(upstream), "x_gradient": rounded(x.grad),
            "weight_gradient": rounded(weight.grad)}


def cross_entropy(tensor) -> dict:
    logits, targets = tensor(5, 7), [3, 0, 6, 2, 2]
    losses = torch.nn.functional.cross_entropy(logits, torch.tensor(targets), reduction="none")
    losses.mean().backward()
    return {"logits": rounded(logits), "targets": targets, "losses": rounded(losses),
            "mean": rounded(losses.mean().item()), "logits_gradient": rounded(logits.grad)}


def attention(tensor) -> list[dict]:
    """One head: softmax(q kᵀ + bias) v without scaling, both ways and causal."""
    results = []
    for causal in (False, True):
        q, k, v, bias, upstream = (
            tensor(4, 3), tensor(4, 3), tensor(4, 3), tensor(4, 4), tensor(4, 3))
        scores = q @ k.T + bias
        if causal:
            scores = scores.masked_fill(torch.ones(4, 4).triu(1).bool(), float("-inf"))
        y = torch.softmax(scores, -1) @ v
        (y * upstream.detach()).sum().backward()
        results.append({
            "causal": causal, "query": rounded(q), "key": rounded(k), "value": rounded(v),
            "bias": rounded(bias), "y": rounded(y), "y_gradient": rounded(upstream),
            "query_gradient": rounded(q.grad), "key_gradient": rounded(k.grad),
            "value_gradient": rounded(v.grad), "bias_gradient": rounded(bias.grad)})
    return results


def adamw(tensor, decay: float) -> dict:
    """Eight updates of torch.optim.AdamW with given gradients and a changing learning rate."""
    parameter = torch.nn.Parameter(tensor(6).detach().clone())
    optimizer = torch.optim.AdamW([parameter], lr=1, eps=1e-6, weight_decay=decay)
    record = {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-6, "weight_decay": decay,
              "start": rounded(parameter), "steps": []}
    for step in range(8):
        rate = 0.1 * (step + 1) / 3 if step < 3 else 0.1 * (8 - step) / 5
        parameter.grad = (tensor(6).detach() * 10.0 ** -(step % 4)).float().double()
        optimizer.param_groups[0]["lr"] = rate
        optimizer.step()
        record["steps"].append({"learning_rate": rounded(rate),
                                "gradient": rounded(parameter.grad),
                                "parameter": rounded(parameter)})
    return record
