"""A tiny text, a SentencePiece model trained on it, and the training examples of the fixtures."""

import io
import json
import pathlib

import sentencepiece

# Written for these fixtures; a small world, so that 93 pieces cover it.
SUBJECTS = ["the red lamp", "a small boat", "the old clock", "my green coat", "the long road",
            "this warm soup", "a quiet room", "the new song", "her brown horse", "that tall tree",
            "our first garden", "the broken window", "his short letter", "every winter morning"]
VERDICTS = ["is good", "is bad", "was not good", "was fine", "is never late", "was too slow",
            "is still here", "looks nice today", "sounds odd", "makes us happy",
            "never works in the rain", "costs very little", "came back from the market"]
EXAMPLES = [
    ("sentence: the red lamp is good", "1"),
    ("sentence: the old clock was too slow", "0"),
    ("a quiet room", "nice"),
    ("sentence: this warm soup is bad , my coat was not good and the long road is never here",
     "bad"),  # cut at 24 tokens
    ("question: is the boat small", "yes"),
    ("the new song sounds odd", "a long and odd song on the road"),  # target cut at 8 tokens
    ("soup", "1"),
    ("sentence: my green coat  looks nice", "fine"),  # two spaces become one
    ("zürich is late", "0"),  # ü is unknown
    ("question: was the clock late", "not today"),
]
SOURCE_LENGTH, TARGET_LENGTH = 24, 8


def lines() -> list[str]:
    """What tokenizers learn from."""
    lines = [f"{s} {v}" for s in SUBJECTS for v in VERDICTS]
    lines += [f"sentence: {line} , 1" for line in lines[::3]]
    return lines + [f"question: {line} . 0 yes no" for line in lines[::5]]


def train_tokenizer(pieces: int) -> bytes:
    """A unigram model with T5's ids for padding (0), end (1) and unknown (2), and no start."""
    model = io.BytesIO()
    # The identity rule keeps the file small: the usual one carries 240 kB of tables.
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines()), model_writer=model, vocab_size=pieces,
        model_type="unigram", pad_id=0, eos_id=1, unk_id=2, bos_id=-1,
        normalization_rule_name="identity", num_threads=1, minloglevel=2)
    return model.getvalue()


def tokenizer(model: bytes) -> sentencepiece.SentencePieceProcessor:
    return sentencepiece.SentencePieceProcessor(model_proto=model)


def encode(processor, text: str, limit: int) -> list[int]:
    """Pieces, cut so that the end token still fits, and the end token: as transformers does."""
    return processor.encode(text)[: limit - 1] + [processor.eos_id()]


def write_examples(path: pathlib.Path, examples: list[tuple[str, str]]) -> None:
    lines = [json.dumps({"source": s, "target": t}, ensure_ascii=False) for s, t in examples]
    path.write_text("\n".join(lines) + "\n")
