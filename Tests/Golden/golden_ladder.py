"""Ladder side-tuning: a small transformer beside the frozen one (arXiv 2206.06522)."""

import torch

from golden_forward import Method, attend, gelu_new, rms_norm


class LadderSideTuning(Method):
    """h ← g h + (1 - g) Down_i(block i of the backbone) before side block i, g = sigmoid(α/0.1).

    The side stream starts as Down(what enters the first block of the backbone). Its blocks are
    those of the backbone in small: width, head width and inner width divided by `reduction`. On
    T5 they are T5's with a plain ReLU and one table of position biases for each stack; on GPT-2
    they are GPT-2's without biases in the linear layers. What the side encoder gives, after its
    own norm, is what the side decoder's cross-attention reads; the side decoder, after its norm
    and Up, replaces what the frozen decoder gives to the head.
    """

    TEMPERATURE = 0.1

    @classmethod
    def shapes(cls, model, options):
        reduction = options["reduction"]
        assert not (model.width % reduction or model.inner % (reduction * model.heads))
        d = model.width
        w, inner, ff = (n // reduction for n in [d, model.inner, model.hidden])
        shapes: dict = {}

        def norm(name):
            shapes[name] = (w,), 0.3, 1
            if model.has_biases:
                shapes[f"{name}.bias"] = (w,), 0.3, 0

        def down(site):
            shapes[f"{site}/side.down.weight"] = (d, w), d**-0.5, 0
            shapes[f"{site}/side.down.bias"] = (w,), 0.2, 0

        for stack, layers in model.stacks.items():
            has_cross = stack == "decoder" and "encoder" in model.stacks
            down(f"{stack}.input")
            if not model.has_biases:
                shapes[f"{stack}.input/side.position-bias"] = (model.buckets, model.heads), 1.0, 0
            for layer in cls.layers(options, layers):
                site = f"{stack}.{layer}.block"
                down(site)
                shapes[f"{site}/side.gate"] = (1,), 0.1, 0
                for prefix in ["", "cross-"][: 1 + has_cross]:
                    for part in ["query", "key", "value"]:
                        shapes[f"{site}/side.{prefix}{part}"] = (w, inner), w**-0.5, 0
                    shapes[f"{site}/side.{prefix}output"] = (inner, w), 1.5 * inner**-0.5, 0
                    norm(f"{site}/side.{prefix}attention-norm")
                shapes[f"{site}/side.up"] = (w, ff), w**-0.5, 0
                shapes[f"{site}/side.down-projection"] = (ff, w), 1.5 * ff**-0.5, 0
                norm(f"{site}/side.feed-forward-norm")
            norm(f"{stack}.final-norm/side.norm")
        gain = 0.4 if model.has_biases else 1.5
        shapes["decoder.final-norm/side.up.weight"] = (w, d), gain * w**-0.5, 0
        shapes["decoder.final-norm/side.up.bias"] = (d,), 0.2 * gain, 0
        return shapes

    @staticmethod
    def layers(options, count: int) -> list[int]:
        """The layers of a stack that have a side block."""
        return [layer for layer in options["layers"] if layer < count]

    def normalized(self, name: str, x):
        if not self.model.has_biases:
            return rms_norm(x, self.values[name], self.model.epsilon)
        return torch.nn.functional.layer_norm(
            x, x.shape[-1:], self.values[name], self.values[f"{name}.bias"], self.model.epsilon)

    def down(self, site: str, x):
        return x @ self.values[f"{site}/side.down.weight"] + self.values[f"{site}/side.down.bias"]

    def attention(self, site: str, prefix: str, x, memory):
        h = self.normalized(f"{site}/side.{prefix}attention-norm", x)
        memory = h if memory is None else memory
        query, key, value, output = (self.values[f"{site}/side.{prefix}{part}"] for part in [
            "query", "key", "value", "output"])
        stack = site.split(".")[0]
        bias, scale, is_causal = 0.0, 1.0, stack == "decoder" and not prefix
        if self.model.has_biases:
            scale = (query.shape[1] / self.model.heads) ** -0.5
        elif not prefix:
            table = self.values[f"{stack}.input/side.position-bias"]
            bias = self.model.position_bias(stack, table, len(h), len(h))
        return x + attend(h @ query, memory @ key, memory @ value, self.model.heads, scale, bias,
                          is_causal) @ output

    def begin(self, stack, x, run):
        run.state[stack] = self.down(f"{stack}.input", x)

    def block(self, path, x, run):
        stack, layer = path.split(".")
        if int(layer) not in self.layers(self.options, self.model.stacks[stack]):
            return
        site = f"{path}.block"
        gate = (self.values[f"{site}/side.gate"] / self.TEMPERATURE).sigmoid()
        side = gate * run.state[stack] + (1 - gate) * self.down(site, x)
        side = self.attention(site, "", side, None)
        if stack == "decoder" and "encoder" in self.model.stacks:
            side = self.attention(site, "cross-", side, run.state["encoder"])
        h = self.normalized(f"{site}/side.feed-forward-norm", side)
        h = h @ self.values[f"{site}/side.up"]
        h = gelu_new(h) if self.model.has_biases else h.relu()
        run.state[stack] = side + h @ self.values[f"{site}/side.down-projection"]

    def finish(self, stack, hidden, run):
        run.state[stack] = self.normalized(f"{stack}.final-norm/side.norm", run.state[stack])
        if stack == "encoder":
            return hidden
        site = f"{stack}.final-norm/side.up"
        return run.state[stack] @ self.values[f"{site}.weight"] + self.values[f"{site}.bias"]
