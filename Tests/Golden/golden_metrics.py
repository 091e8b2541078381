#!/usr/bin/env python3
"""Regenerates metrics.json: `python golden_metrics.py`. Needs scikit-learn, scipy and numpy.

Random predictions with a fixed seed, and their scores by scikit-learn and SciPy where these have
the metric, else by the formulas of the papers written out here. What the file holds is described
in README.md.
"""

import collections
import json
import math
import pathlib
import random
import re
import string

import numpy
import scipy.stats
import sklearn.metrics

HERE = pathlib.Path(__file__).resolve().parent
INVALID = ["", "banana", "10", "yes", "1.0", "01"]


def main() -> None:
    random.seed(11)
    cases = {
        "binary": binary(), "classes": classes(), "numbers": numbers(), "answers": answers(),
        "votes": votes(), "captions": captions()}
    lines = [f" {json.dumps(name)}: {written(value)}" for name, value in cases.items()]
    (HERE / "metrics.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def written(case: dict) -> str:
    """One line a prediction, one for the outcomes of a metric."""
    def compact(value) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    predictions = ",\n   ".join(map(compact, case["predictions"]))
    outcomes = ",\n   ".join(
        f"{compact(name)}: {compact(values)}" for name, values in case["outcomes"].items())
    return (
        f"{{\n  \"scores\": {compact(case['scores'])},\n"
        f"  \"outcomes\": {{\n   {outcomes}\n  }},\n  \"predictions\": [\n   {predictions}\n  ]\n }}")


def case(predictions: list, scores: dict) -> dict:
    """`scores`: a number, or the list of outcomes that it is the mean of, by the metric's name."""
    return {
        "predictions": predictions,
        "scores": {
            name: float(numpy.mean(value)) if isinstance(value, list) else float(value)
            for name, value in scores.items()},
        "outcomes": {
            name: [float(x) for x in value]
            for name, value in scores.items() if isinstance(value, list)}}


def prediction(text: str, references: list, group: str | None = None) -> dict:
    line = {"text": text, "references": references}
    return line if group is None else line | {"group": group}


# MARK: labels and numbers


def noisy(labels: list, right: float, invalid: float) -> tuple:
    expected = random.choice(labels)
    draw = random.random()
    if draw < invalid:
        return random.choice(INVALID), expected
    return (expected if draw < invalid + right else random.choice(labels)), expected


def binary() -> dict:
    """An output that is no label counts as the other one, for F1; else as a class of its own."""
    pairs = [noisy(["0", "1"], 0.6, 0.15) for _ in range(160)]
    groups = [str(random.randrange(70)) if random.random() < 0.9 else None for _ in pairs]
    outputs, expected = zip(*pairs)
    turned = [
        output if output in ("0", "1") else ("1" if label == "0" else "0")
        for output, label in pairs]
    f1 = sklearn.metrics.f1_score(expected, turned, pos_label="1")
    questions = collections.defaultdict(list)
    for index, group in enumerate(groups):
        questions[group if group is not None else ("alone", index)].append(
            outputs[index] == expected[index])
    return case(
        [prediction(o, [e], g) for (o, e), g in zip(pairs, groups)],
        {"accuracy": [o == e for o, e in pairs], "f1": f1, "multirc-f1": f1,
         "matthews": sklearn.metrics.matthews_corrcoef(expected, outputs),
         "multirc-em": float(numpy.mean([all(q) for q in questions.values()]))})


def classes() -> dict:
    pairs = [noisy(["0", "1", "2"], 0.5, 0.1) for _ in range(150)]
    outputs, expected = zip(*pairs)
    macro = sklearn.metrics.f1_score(
        expected, outputs, labels=["0", "1", "2"], average="macro", zero_division=0)
    return case(
        [prediction(o, [e]) for o, e in pairs],
        {"accuracy": [o == e for o, e in pairs], "f1-macro": macro,
         "matthews": sklearn.metrics.matthews_corrcoef(expected, outputs)})


def numbers() -> dict:
    """An output that is no number counts as -1."""
    lines, found, expected = [], [], []
    for _ in range(120):
        reference = random.randrange(26) / 5
        value = round(reference + random.gauss(0, 1), 1)
        text = str(value) if random.random() < 0.9 else random.choice(["", "banana", "3,4", "nan"])
        lines.append(prediction(text, [str(reference)]))
        found.append(value if text == str(value) else -1)
        expected.append(reference)
    return case(lines, {
        "pearson": scipy.stats.pearsonr(found, expected)[0],
        "spearman": scipy.stats.spearmanr(found, expected)[0]})


# MARK: answers


WORDS = ["The", "a", "an", "the", "Paris", "paris,", "U.S.", "1,000", "it's", "–", "École",
         "“so”", "New", "York", "new-york", "9", "days", "(old)", "theatre", "AN", "&"]


def squad(text: str) -> list:
    text = "".join(c for c in text.lower() if c not in string.punctuation)
    return re.sub(r"\b(?:a|an|the)\b", " ", text).split()


def word_f1(output: str, reference: str) -> float:
    output, reference = squad(output), squad(reference)
    same = sum((collections.Counter(output) & collections.Counter(reference)).values())
    return 2 * same / (len(output) + len(reference)) if same else 0


def answers() -> dict:
    def text() -> str:
        return " ".join(random.choice(WORDS) for _ in range(random.randrange(1, 5)))
    lines = []
    for _ in range(80):
        references = [text() for _ in range(random.randrange(1, 5))]
        output = random.choice(references) if random.random() < 0.3 else text()
        lines.append(prediction(output.upper() if random.random() < 0.3 else output, references))
    exact = [max(squad(p["text"]) == squad(r) for r in p["references"]) for p in lines]
    f1 = [max(word_f1(p["text"], r) for r in p["references"]) for p in lines]
    return case(lines, {
        "squad-em": exact, "record-em": exact, "squad-f1": f1, "record-f1": f1,
        "squad-f1-first": [word_f1(p["text"], p["references"][0]) for p in lines]})


# MARK: votes


CONTRACTIONS = {
    "dont": "don't", "couldnt've": "couldn't've", "couldn'tve": "couldn't've", "twas": "'twas",
    "yall'd've": "y'all'd've", "somebody'd": "somebodyd", "oclock": "o'clock"}
DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
VOTES = [
    "Yes", "yes.", "the yes", "none", "0", "Two", "2", "ten", "dont", "don't", "couldnt've",
    "couldn'tve", "yall'd've", "somebody'd", "she's", "1,000", "1000", "1,000-ton", "3.5", "3.5.",
    "black-white", "black - white", "black white", "a/b", "it is a cat!", "it is cat", "oclock",
    "twas", "id've", "the", "", "p.m.", "(red)", "red ( dark)", "well", "Yes,no", "yes no"]


def vote(text: str) -> str:
    original = text
    thousands = re.search(r"\d,\d", original)
    for mark in ";/[]\"{}()=+\\_-><@`,?!":
        alone = f"{mark} " in original or f" {mark}" in original
        text = text.replace(mark, "" if alone or thousands else " ")
    words = re.sub(r"\.(?!\d)", "", text).lower().split()
    words = ["0" if w == "none" else str(DIGITS.index(w)) if w in DIGITS else w for w in words]
    return " ".join(CONTRACTIONS.get(w, w) for w in words if w not in ("a", "an", "the"))


def votes() -> dict:
    lines, outcomes = [], []
    for number in range(90):
        pool = random.sample(VOTES, random.randrange(1, 5))
        count = 10 if number < 70 else random.randrange(1, 13)
        references = [random.choice(pool) for _ in range(count)]
        output = random.choice(pool) if random.random() < 0.7 else random.choice(VOTES)
        output = random.choice([output, f" {output}\n", output.upper()])
        lines.append(prediction(output, references))
        answer, given = output.strip(), references
        if len(set(references)) > 1:
            answer, given = vote(answer), [vote(r) for r in references]
        agree = [g.lower() == answer.lower() for g in given]
        outcomes.append(float(numpy.mean(
            [min(1, (sum(agree) - agree[left]) / 3) for left in range(count)])))
    return case(lines, {"vqa": outcomes})


# MARK: captions


def ngrams(words: list, order: int) -> collections.Counter:
    return collections.Counter(tuple(words[i:i + order]) for i in range(len(words) - order + 1))


def captions() -> dict:
    vocabulary = [f"w{i}" for i in range(12)]

    def caption(least: int) -> str:
        return " ".join(
            vocabulary[min(int(random.expovariate(0.3)), 11)]
            for _ in range(random.randrange(least, 13)))
    lines = []
    for _ in range(40):
        references = [caption(1) for _ in range(random.randrange(1, 6))]
        words = random.choice(references).split()
        for _ in range(random.randrange(4)):
            words.insert(random.randrange(len(words) + 1), random.choice(vocabulary))
        lines.append(prediction(
            " ".join(words) if random.random() < 0.8 else caption(0), references))
    images = [(p["text"].split(), [r.split() for r in p["references"]]) for p in lines]
    scores = {f"bleu-{n}": bleu(images, n) for n in range(1, 5)}
    result = case(lines, scores | {
        "rouge-l": [rouge(*image) for image in images], "cider": cider(images)})
    for n in range(1, 5):
        result["outcomes"][f"bleu-{n}"] = [bleu([image], n) for image in images]
    return result


def bleu(images: list, order: int) -> float:
    logarithm = 0.0
    for n in range(1, order + 1):
        matched = guessed = 0
        for words, references in images:
            most = collections.Counter()
            for reference in references:
                most |= ngrams(reference, n)
            matched += sum((ngrams(words, n) & most).values())
            guessed += sum(ngrams(words, n).values())
        logarithm += math.log((matched + 1e-15) / (guessed + 1e-9)) / order
    length = sum(len(words) for words, _ in images)
    closest = sum(
        min((len(r) for r in references), key=lambda l: (abs(l - len(words)), l))
        for words, references in images)
    ratio = (length + 1e-15) / (closest + 1e-9)
    return math.exp(logarithm + min(0, 1 - 1 / ratio))


def common(a: list, b: list) -> int:
    table = numpy.zeros((len(a) + 1, len(b) + 1), int)
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            table[i + 1, j + 1] = (
                table[i, j] + 1 if x == y else max(table[i, j + 1], table[i + 1, j]))
    return int(table[-1, -1])


def rouge(words: list, references: list) -> float:
    precision = max(common(words, r) / max(1, len(words)) for r in references)
    recall = max(common(words, r) / max(1, len(r)) for r in references)
    square = 1.2 ** 2
    return (1 + square) * precision * recall / (recall + square * precision) if recall else 0


def cider(images: list) -> list:
    seen = collections.Counter()
    for _, references in images:
        seen.update({g for r in references for n in range(1, 5) for g in ngrams(r, n)})

    def vector(words: list, n: int) -> dict:
        return {
            gram: count * math.log(len(images) / max(1, seen[gram]))
            for gram, count in ngrams(words, n).items()}

    def norm(vector: dict) -> float:
        return math.sqrt(sum(x * x for x in vector.values()))

    def similarity(words: list, reference: list) -> float:
        total = 0.0
        for n in range(1, 5):
            a, b = vector(words, n), vector(reference, n)
            size = norm(a) * norm(b)
            if size > 0:
                total += sum(min(a[g], b[g]) * b[g] for g in a.keys() & b.keys()) / size
        pairs = max(0, len(words) - 1) - max(0, len(reference) - 1)
        return total / 4 * math.exp(-pairs ** 2 / 72)
    return [
        10 * float(numpy.mean([similarity(words, r) for r in references]))
        for words, references in images]


if __name__ == "__main__":
    main()
