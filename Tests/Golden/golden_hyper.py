"""Adapters whose weights a network generates: HyperFormer++ and HyperDecoder."""

import torch

from golden_forward import Method, gelu_new


def linear_shapes(name: str, into: int, out: int, deviation: float, bias: float, mean=0) -> dict:
    """A linear layer `[into, out]` with bias; `mean` is the bias's."""
    return {f"{name}.weight": ((into, out), deviation, 0), f"{name}.bias": ((out,), bias, mean)}


class HyperFormer(Method):
    """y + LN(U gelu_new(D y + b) + c), all of it generated for a task, a layer and a position.

    HyperFormer++ (arXiv 2106.04489): one generator a stack. z = LayerNorm(MLP([task; layer;
    position])), with ReLU inside the MLP; every generator is linear in z. Positions: 0 is
    self-attention, 1 feed-forward. The embedding of the tasks is that of both stacks.
    """

    EPSILON = 1e-6

    @classmethod
    def shapes(cls, model, options):
        e, hidden = options["embeddingWidth"], options["hiddenWidth"]
        b = model.width // options["reduction"]
        d, tasks = model.width, options.get("tasks", 1)
        first = f"{next(iter(model.stacks))}.input"
        shapes = {f"{first}/hyper.task": ((tasks, e), 1.0, 0)}
        for stack, layers in model.stacks.items():
            site = f"{stack}.input/hyper"
            shapes[f"{site}.layer"] = (layers, e), 1.0, 0
            shapes[f"{site}.position"] = (2, e), 1.0, 0
            shapes |= linear_shapes(f"{site}.mlp.0", 3 * e, hidden, (3 * e) ** -0.5, 0.3)
            shapes |= linear_shapes(f"{site}.mlp.1", hidden, e, hidden**-0.5, 0.3)
            shapes[f"{site}.mlp.norm.weight"] = (e,), 0.3, 1
            shapes[f"{site}.mlp.norm.bias"] = (e,), 0.3, 0
            shapes |= linear_shapes(f"{site}.down", e, d * b, (e * d) ** -0.5, d**-0.5)
            shapes |= linear_shapes(f"{site}.down-bias", e, b, 0.3 * e**-0.5, 0.3)
            shapes |= linear_shapes(f"{site}.up", e, b * d, e**-0.5, 0.5)
            shapes |= linear_shapes(f"{site}.up-bias", e, d, 0.3 * e**-0.5, 0.2)
            shapes |= linear_shapes(f"{site}.norm-weight", e, d, 0.3 * e**-0.5, 0.3, mean=0.7)
            shapes |= linear_shapes(f"{site}.norm-bias", e, d, 0.3 * e**-0.5, 0.2)
        return shapes

    def generated(self, stack: str, name: str, z):
        site = f"{stack}.input/hyper.{name}"
        return z @ self.values[f"{site}.weight"] + self.values[f"{site}.bias"]

    def code(self, stack: str, layer: int, position: int, task: int):
        """What the generators of a stack read, z."""
        first = f"{next(iter(self.model.stacks))}.input"
        place = torch.cat([
            self.values[f"{first}/hyper.task"][task],
            self.values[f"{stack}.input/hyper.layer"][layer],
            self.values[f"{stack}.input/hyper.position"][position]])
        z = self.generated(stack, "mlp.1", self.generated(stack, "mlp.0", place).relu())
        norm = f"{stack}.input/hyper.mlp.norm"
        return torch.nn.functional.layer_norm(
            z, z.shape, self.values[f"{norm}.weight"], self.values[f"{norm}.bias"], self.EPSILON)

    def call(self, site, y, run):
        stack, layer, part = site.split(".")
        if part not in ["attention", "feed-forward"]:
            return y
        z = self.code(stack, int(layer), int(part == "feed-forward"), run.task)
        d = self.model.width
        down = self.generated(stack, "down", z).reshape(d, -1)
        up = self.generated(stack, "up", z).reshape(-1, d)
        h = gelu_new(y @ down + self.generated(stack, "down-bias", z)) @ up + self.generated(
            stack, "up-bias", z)
        return y + torch.nn.functional.layer_norm(
            h, (d,), self.generated(stack, "norm-weight", z),
            self.generated(stack, "norm-bias", z), self.EPSILON)


class HyperDecoder(Method):
    """Adapters of the decoder, generated for every source (arXiv 2203.08304).

    What the encoder gives, averaged over its rows, goes through Linear, ReLU, Linear; with the
    embedding of a layer it makes the weights of the adapter after that layer's feed-forward:
    y + U relu(D y + b) + c. The encoder has ordinary adapters there, with ReLU as well.
    """

    @classmethod
    def shapes(cls, model, options):
        d, b = model.width, options["bottleneck"]
        e, hidden = options["layerWidth"], options["hiddenWidth"]
        shapes, site = {}, "decoder.input/hyper"
        for layer in range(model.stacks["encoder"]):
            name = f"encoder.{layer}.feed-forward/adapter"
            shapes |= linear_shapes(f"{name}.down", d, b, d**-0.5, 0.3)
            shapes |= linear_shapes(f"{name}.up", b, d, 0.5, 0.2)
        shapes |= linear_shapes(f"{site}.encode.0", d, d, d**-0.5, 0.3)
        shapes |= linear_shapes(f"{site}.encode.1", d, d, d**-0.5, 0.3)
        shapes[f"{site}.layer"] = (model.stacks["decoder"], e), 1.0, 0
        shapes |= linear_shapes(f"{site}.mlp", d + e, hidden, 1.5 * (d + e) ** -0.5, 0.3)
        shapes |= linear_shapes(f"{site}.down", hidden, d * b, (hidden * d) ** -0.5, d**-0.5)
        shapes |= linear_shapes(f"{site}.down-bias", hidden, b, 0.3 * hidden**-0.5, 0.3)
        shapes |= linear_shapes(f"{site}.up", hidden, b * d, hidden**-0.5, 0.5)
        shapes |= linear_shapes(f"{site}.up-bias", hidden, d, 0.3 * hidden**-0.5, 0.2)
        return shapes

    def applied(self, name: str, x):
        return x @ self.values[f"{name}.weight"] + self.values[f"{name}.bias"]

    def finish(self, stack, hidden, run):
        if stack == "encoder":
            run.state["pooled"] = hidden.mean(0)
        return hidden

    def call(self, site, y, run):
        stack, layer, part = site.split(".")
        if part != "feed-forward":
            return y
        if stack == "encoder":
            name = f"{site}/adapter"
            return y + self.applied(f"{name}.up", self.applied(f"{name}.down", y).relu())
        hyper, d = "decoder.input/hyper", self.model.width
        code = self.applied(f"{hyper}.encode.1", self.applied(
            f"{hyper}.encode.0", run.state["pooled"]).relu())
        code = torch.cat([code, self.values[f"{hyper}.layer"][int(layer)]])
        code = self.applied(f"{hyper}.mlp", code).relu()
        down = self.applied(f"{hyper}.down", code).reshape(d, -1)
        up = self.applied(f"{hyper}.up", code).reshape(-1, d)
        inner = (y @ down + self.applied(f"{hyper}.down-bias", code)).relu()
        return y + inner @ up + self.applied(f"{hyper}.up-bias", code)
