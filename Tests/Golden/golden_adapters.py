"""Methods that act at linear layers, norms and sublayers: LoRA, BitFit, adapters, (IA)³."""

from golden_forward import Method, gelu_new


class FullFineTuning(Method):
    """Every tensor of the model, under its Hugging Face name (a tied head once)."""

    def __init__(self, model, tensors=(), options=()):
        super().__init__(model, {}, {})
        # Copies: a model may have been read by others.
        model.tensors = {n: t.detach().clone().requires_grad_(True)
                         for n, t in sorted(model.tensors.items())}
        self.values = self.parameters = model.tensors


class LoRA(Method):
    """y = W x + alpha/rank · x A B at queries and values (arXiv 2106.09685)."""

    @classmethod
    def shapes(cls, model, options):
        shapes, rank = {}, options["rank"]
        for site, (into, out) in model.linears().items():
            if site.endswith(("query", "value")):
                shapes[f"{site}/lora.a"] = (into, rank), into**-0.5, 0
                shapes[f"{site}/lora.b"] = (rank, out), 0.2, 0
        return shapes

    def linear(self, site, x, y):
        y = super().linear(site, x, y)
        a, b = self.values.get(f"{site}/lora.a"), self.values.get(f"{site}/lora.b")
        if a is None:
            return y
        return y + self.options["alpha"] / self.options["rank"] * (x @ a @ b)


class BitFit(Method):
    """Biases (arXiv 2106.10199): those a model has, or, on T5, new ones.

    T5: at every linear layer and norm inside the blocks, and at the head; not at the final norms.
    """

    @classmethod
    def shapes(cls, model, options):
        if model.has_biases:
            return {f"{path}/weight": ((width,), 0.3, 0) for path, width in model.biases().items()}
        widths = {site: out for site, (_, out) in model.linears().items()}
        widths |= {s: w for s, w in model.norms().items() if not s.endswith("final-norm")}
        widths["decoder.head"] = model.vocabulary
        return {f"{site}/bias": ((width,), 0.2, 0) for site, width in widths.items()}

    def linear(self, site, x, y):
        bias = self.values.get(f"{site}/bias")
        y = super().linear(site, x, y)
        return y if bias is None else y + bias

    def norm(self, site, y):
        bias = self.values.get(f"{site}/bias")
        return y if bias is None else y + bias


class LoRAWithBitFit(LoRA, BitFit):
    """Both at once: what the literature's 3.8 million parameters of T5-base are."""

    @classmethod
    def shapes(cls, model, options):
        return LoRA.shapes(model, options) | BitFit.shapes(model, options)


class Adapter(Method):
    """y + U gelu_new(D y + b) + c after self-attention and feed-forward (arXiv 1902.00751).

    The layer norms are trained too: their weights, and on GPT-2 their biases.
    """

    activation = staticmethod(gelu_new)

    @classmethod
    def sites(cls, model) -> list[str]:
        return [site for path in model.blocks()
                for site in (f"{path}.attention", f"{path}.feed-forward")]

    @classmethod
    def norm_shapes(cls, model) -> dict:
        shapes = {f"{path}/weight": ((width,), 0.3, 1) for path, width in model.norms().items()}
        if model.has_biases:
            shapes |= {f"{path}/weight": ((width,), 0.3, 0)
                       for path, width in model.biases().items() if path.endswith("norm-bias")}
        return shapes

    @classmethod
    def shapes(cls, model, options):
        shapes, d, b = cls.norm_shapes(model), model.width, options["bottleneck"]
        for site in cls.sites(model):
            shapes[f"{site}/adapter.down.weight"] = (d, b), d**-0.5, 0
            shapes[f"{site}/adapter.down.bias"] = (b,), 0.3, 0
            shapes[f"{site}/adapter.up.weight"] = (b, d), 0.5, 0
            shapes[f"{site}/adapter.up.bias"] = (d,), 0.2, 0
        return shapes

    def call(self, site, y, run):
        if f"{site}/adapter.down.weight" not in self.values:
            return y
        dw, db, uw, ub = (self.values[f"{site}/adapter.{part}"] for part in [
            "down.weight", "down.bias", "up.weight", "up.bias"])
        return y + self.activation(y @ dw + db) @ uw + ub


class IA3(Method):
    """Keys, values and what enters the feed-forward's last layer, scaled (arXiv 2205.05638)."""

    @classmethod
    def shapes(cls, model, options):
        shapes = {}
        for site, (into, out) in model.linears().items():
            if site.endswith(("key", "value")):
                shapes[f"{site}/ia3"] = (out,), 0.3, 1
            elif site.endswith("down"):
                shapes[f"{site}/ia3"] = (into,), 0.3, 1
        return shapes

    def entering(self, site, x):
        return x * self.values[f"{site}/ia3"] if site.endswith(".down") else x

    def linear(self, site, x, y):
        return y * self.values[f"{site}/ia3"] if site.endswith(("key", "value")) else y
