"""Methods that act on what enters: prompts, DePT, prefixes, and networks that make prompts."""

import math

import torch

from golden_forward import Method


class PromptTuning(Method):
    """X = [P; E]: the prompt `[length, width]` goes before the source (arXiv 2104.08691).

    Prompt and embedding edits act on the source's rows; on GPT-2 the target's rows follow.
    """

    @classmethod
    def shapes(cls, model, options):
        return cls.prompt_shapes(model, options["length"])

    @classmethod
    def prompt_shapes(cls, model, length: int) -> dict:
        return {f"{model.source_input}/prompt": ((length, model.width), model.prompt_deviation, 0)}

    def value(self, name: str):
        return self.values[f"{self.model.source_input}/{name}"]

    def prompt(self, source, run):
        """`[length, width]`, of the source's word embeddings."""
        return self.value("prompt")

    def edited(self, source):
        """The source's word embeddings, changed."""
        return source

    def enter(self, site, rows, run):
        if site != self.model.source_input:
            return rows
        count = len(run.source)
        source = rows[:count]
        return torch.cat([self.prompt(source, run), self.edited(source), rows[count:]])


class DePT(PromptTuning):
    """X = [P; E + 8/sqrt(r) · A B], rows of A by position in the source (arXiv 2309.05173).

    With the alignment "end" the last row of A belongs to the last token of every source.
    """

    @classmethod
    def shapes(cls, model, options):
        site, rank, rows = model.source_input, options["rank"], options["sourceLength"]
        return cls.prompt_shapes(model, options["promptLength"]) | {
            f"{site}/embedding.a": ((rows, rank), rank**-0.5, 0),
            f"{site}/embedding.b": ((rank, model.width), 0.1 * model.prompt_deviation, 0)}

    def edited(self, source):
        a, b = self.value("embedding.a"), self.value("embedding.b")
        rows = a.shape[0] - source.shape[0] if self.options.get("alignment") == "end" else 0
        offset = (a @ b) * (8 / math.sqrt(a.shape[1]))
        return source + offset[rows : rows + source.shape[0]]

    def groups(self, rate, low_rank_rate):
        pair = [self.value("embedding.a"), self.value("embedding.b")]
        return [{"params": [self.value("prompt")], "base": rate},
                {"params": pair, "base": low_rank_rate}]


class ADePT(PromptTuning):
    """E' = E + relu(E W + b) W' + c for every source token, after a prompt (arXiv 2501.03291)."""

    @classmethod
    def shapes(cls, model, options):
        site, d, r = model.source_input, model.width, options["rank"]
        return cls.prompt_shapes(model, options["promptLength"]) | {
            f"{site}/offset.down.weight": ((d, r), d**-0.5 / model.prompt_deviation, 0),
            f"{site}/offset.down.bias": ((r,), 0.3, 0),
            f"{site}/offset.up.weight": ((r, d), 0.5 * model.prompt_deviation, 0),
            f"{site}/offset.up.bias": ((d,), 0.2 * model.prompt_deviation, 0)}

    def edited(self, source):
        inner = source @ self.value("offset.down.weight") + self.value("offset.down.bias")
        return source + inner.relu() @ self.value("offset.up.weight") + self.value(
            "offset.up.bias")


class MultitaskPromptTuning(PromptTuning):
    """The prompt of task k: P ∘ (u_k ⊗ v_k) (arXiv 2303.02861)."""

    @classmethod
    def shapes(cls, model, options):
        site, length, tasks = model.source_input, options["length"], options.get("tasks", 1)
        return cls.prompt_shapes(model, length) | {
            f"{site}/task.row": ((tasks, length), 0.3, 1),
            f"{site}/task.column": ((tasks, model.width), 0.3, 1)}

    def prompt(self, source, run):
        row, column = self.value("task.row")[run.task], self.value("task.column")[run.task]
        return self.value("prompt") * torch.outer(row, column)


class ATTEMPT(PromptTuning):
    """P_t plus a mixture of source prompts and itself, weighed by the source (arXiv 2205.11961).

    h = LN(W_up SiLU(W_down x)), x the maximum over the source's word embeddings; the weight of a
    prompt is softmax(p · h / T), p the maximum over its rows.
    """

    @classmethod
    def shapes(cls, model, options):
        site, d, w = model.source_input, model.width, options["bottleneck"]
        deviation, length = model.prompt_deviation, options["length"]
        shapes = cls.prompt_shapes(model, length * options.get("tasks", 1)) | {
            f"{site}/attention.down": ((d, w), d**-0.5 / deviation, 0),
            f"{site}/attention.up": ((w, d), 1.0, 0),
            f"{site}/attention.norm.weight": ((d,), 0.3, 1),
            f"{site}/attention.norm.bias": ((d,), 0.3, 0)}
        for source in range(2):
            shapes[f"{site}/source.{source}"] = (length, d), deviation, 0
        return shapes

    @staticmethod
    def is_held(name):
        return "/source." in name

    def weights(self, source, prompts):
        x = source.amax(0) @ self.value("attention.down")
        h = torch.nn.functional.layer_norm(
            torch.nn.functional.silu(x) @ self.value("attention.up"), (self.model.width,),
            self.value("attention.norm.weight"), self.value("attention.norm.bias"), eps=1e-5)
        return (prompts.amax(1) @ h / self.options["temperature"]).softmax(0)

    def prompt(self, source, run):
        length = self.options["length"]
        own = self.value("prompt")[run.task * length : (run.task + 1) * length]
        prompts = torch.stack([own, self.value("source.0"), self.value("source.1")])
        return own + torch.einsum("j,jld->ld", self.weights(source, prompts), prompts)


class PTuning(PromptTuning):
    """The prompt is what a network makes of trained embeddings (arXiv 2103.10385).

    Three linear layers with ReLU between them, or a bidirectional LSTM of two layers and two
    linear layers: what PEFT does, with one bias for each gate of the LSTM.
    """

    @classmethod
    def shapes(cls, model, options):
        site, d, h = f"{model.source_input}/p-tuning", model.width, options["hiddenWidth"]
        shapes = {f"{site}.embedding": ((options["length"], d), 1.0, 0)}
        if options["encoder"] == "lstm":
            for layer, into in enumerate([d, 2 * h]):
                for way in ["forward", "backward"]:
                    name = f"{site}.lstm.{layer}.{way}"
                    shapes[f"{name}.input"] = (into, 4 * h), 2 * into**-0.5, 0
                    shapes[f"{name}.hidden"] = (h, 4 * h), h**-0.5, 0
                    shapes[f"{name}.bias"] = (4 * h,), 0.3, 0
            widths = [2 * h, 2 * h, d]
        else:
            widths = [d, h, h, d]
        for index, (into, out) in enumerate(zip(widths, widths[1:])):
            last = index == len(widths) - 2
            gain = (2.5 if last else 1.5) * (model.prompt_deviation if last else 1)
            shapes[f"{site}.mlp.{index}.weight"] = (into, out), gain * into**-0.5, 0
            shapes[f"{site}.mlp.{index}.bias"] = (out,), 0.3 * model.prompt_deviation, 0
        return shapes

    def lstm(self, x, layer: int, way: str):
        """One direction of one layer; gates in torch's order: input, forget, cell, output."""
        into, hidden, bias = (
            self.value(f"p-tuning.lstm.{layer}.{way}.{part}") for part in
            ["input", "hidden", "bias"])
        h = c = torch.zeros(hidden.shape[0], dtype=x.dtype)
        rows = []
        for row in x if way == "forward" else x.flip(0):
            i, f, g, o = (row @ into + h @ hidden + bias).chunk(4)
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            h = o.sigmoid() * c.tanh()
            rows.append(h)
        return torch.stack(rows if way == "forward" else rows[::-1])

    def prompt(self, source, run):
        x, layers = self.value("p-tuning.embedding"), 3
        if self.options["encoder"] == "lstm":
            layers = 2
            for layer in range(2):
                x = torch.cat([self.lstm(x, layer, w) for w in ["forward", "backward"]], 1)
        for layer in range(layers):
            x = x.relu() if layer else x
            x = x @ self.value(f"p-tuning.mlp.{layer}.weight") + self.value(
                f"p-tuning.mlp.{layer}.bias")
        return x


class PrefixTuning(Method):
    """Rows before the keys and values of every self-attention (arXiv 2101.00190).

    Trained directly, or made, for each stack, of trained embeddings by Linear, tanh, Linear: of
    the columns, layer 0's keys come first, then its values, then layer 1's.
    """

    @classmethod
    def shapes(cls, model, options):
        length, inner, shapes = options["length"], model.inner, {}
        if not options.get("hiddenWidth"):
            for site in model.attentions():
                shapes[f"{site}/prefix.key"] = (length, inner), 1.0, 0
                shapes[f"{site}/prefix.value"] = (length, inner), 1.0, 0
            return shapes
        d, h = model.width, options["hiddenWidth"]
        for stack, layers in model.stacks.items():
            site, columns = f"{stack}.input/prefix", 2 * layers * inner
            shapes[f"{site}.embedding"] = (length, d), 1.0, 0
            shapes[f"{site}.mlp.0.weight"] = (d, h), d**-0.5, 0
            shapes[f"{site}.mlp.0.bias"] = (h,), 0.3, 0
            shapes[f"{site}.mlp.1.weight"] = (h, columns), 1.5 * h**-0.5, 0
            shapes[f"{site}.mlp.1.bias"] = (columns,), 0.3, 0
        return shapes

    def first_position(self):
        return self.options["length"]

    def made(self, stack: str):
        """`[length, layers, 2, inner]` by the network of a stack."""
        x, w0, b0, w1, b1 = (self.values[f"{stack}.input/prefix.{part}"] for part in [
            "embedding", "mlp.0.weight", "mlp.0.bias", "mlp.1.weight", "mlp.1.bias"])
        rows = (x @ w0 + b0).tanh() @ w1 + b1
        return rows.reshape(len(x), self.model.stacks[stack], 2, self.model.inner)

    def memory(self, site, keys, values):
        stack, layer, part = site.split(".")
        if part != "attention":
            return keys, values
        if self.options.get("hiddenWidth"):
            own = self.made(stack)[:, int(layer)].unbind(1)
        else:
            own = self.values[f"{site}/prefix.key"], self.values[f"{site}/prefix.value"]
        return torch.cat([own[0], keys]), torch.cat([own[1], values])
