"""The comparisons that `compare.py` makes: what is computed, and who computes it."""

import pathlib
from dataclasses import dataclass, field

HERE = pathlib.Path(__file__).resolve().parent
LENGTHS = HERE / "sst2-lengths.txt"


@dataclass(frozen=True)
class Row:
    """One step, the same on both sides; its results are `results/<name>.md`."""
    name: str
    backbone: str
    method: str  # pt or dept
    kind: str = "train"
    length: int = 100  # of pt's prompt
    prompt_length: int = 40  # of dept's prompt
    rank: int = 45
    batch_size: int = 8
    source_length: int = 256
    target_length: int = 2
    dropout: float = 0.1
    # With lengths, PyTorch pads to the longest of the batch and to the maximum.
    lengths: pathlib.Path | None = None
    paddings: tuple[str, ...] = ("longest",)

    @property
    def title(self) -> str:
        what = "Inference" if self.kind == "infer" else "A training step"
        method = (f"prompt tuning, *l* = {self.length}" if self.method == "pt"
                  else f"DePT, *m* = {self.prompt_length}, *r* = {self.rank}")
        return f"{what} of {self.backbone}: {method}"

    @property
    def description(self) -> str:
        sources = (f"sources as long as those of SST-2 ({self.lengths.name})" if self.lengths
                   else f"sources of {self.source_length} tokens")
        targets = (f"{self.target_length} tokens written greedily, no gradients"
                   if self.kind == "infer" else
                   f"targets of {self.target_length} tokens, dropout {self.dropout:g}")
        return f"Batch {self.batch_size}, {sources}, {targets}; random weights."

    def command(self, side: "Side", o) -> list[str]:
        shape = ["--batch-size", self.batch_size, "--source-length", self.source_length,
                 "--target-length", self.target_length, "--dropout", self.dropout,
                 "--precision", side.precision, "--steps", o.steps]
        if self.lengths:
            shape += ["--lengths", self.lengths]
        if side.engine == "dept":
            settings = ([f"length={self.length}"] if self.method == "pt" else
                        [f"promptLength={self.prompt_length}", f"rank={self.rank}",
                         f"sourceLength={self.source_length}"])
            words = [o.dept, "bench", self.kind, "--backbone", self.backbone, "--random",
                     "--method", self.method]
            words += [word for s in settings for word in ("--set", s)] + shape + ["--json"]
            if o.products:
                words += ["--products", o.products]
        else:
            words = [o.python, HERE / "pytorch_step.py", self.kind, "--backbone", self.backbone,
                     "--method", self.method]
            words += (["--length", self.length] if self.method == "pt" else
                      ["--prompt-length", self.prompt_length, "--rank", self.rank])
            words += shape + ["--padding", side.padding, "--attention", side.attention,
                              "--trainable", o.trainable, "--threads", o.threads]
        return [str(word) for word in words]

    def sides(self) -> list["Side"]:
        ours = [Side("dept", precision) for precision in ("float32", "bfloat16")]
        return ours + [Side("PyTorch", precision, padding) for padding in self.paddings
                       for precision in ("float32", "bfloat16")]


@dataclass
class Side:
    """Who computes a row, and how; `runs` holds what each process reported."""
    engine: str
    precision: str
    padding: str = "longest"
    attention: str = ""
    probes: dict[str, float] = field(default_factory=dict)
    runs: list[dict] = field(default_factory=list)
    command: list[str] = field(default_factory=list)


ROWS = [
    Row("t5-base-pt", "t5-base", "pt"),
    Row("t5-base-pt-no-dropout", "t5-base", "pt", dropout=0.0),
    Row("t5-base-dept", "t5-base", "dept"),
    Row("t5-base-dept-no-dropout", "t5-base", "dept", dropout=0.0),
    Row("t5-small-pt", "t5-small", "pt"),
    Row("t5-base-dept-sst2", "t5-base", "dept", batch_size=32, lengths=LENGTHS,
        paddings=("longest", "maximum")),
    Row("t5-large-pt-inference", "t5-large", "pt", kind="infer", batch_size=16),
    Row("t5-large-dept-inference", "t5-large", "dept", kind="infer", batch_size=16,
        prompt_length=20, rank=60),
]
