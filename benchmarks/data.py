"""Times reading, wording and tokenising SST-2: dept beside Hugging Face datasets and tokenizers.

    python benchmarks/data.py --dept .build/release/dept --vocabulary DIR [--rounds 3]

Both start cold each round: no cache of theirs is there. Their seconds begin when the vocabulary is loaded;
those of whole processes include it, and the imports. DIR holds T5's spiece.model or tokenizer.json.
DEPT_HOME must hold SST-2 (dept fetch sst2). Prints one JSON document: seconds of both, their ratio, and
whether both found the same ids.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def python_once(train, vocabulary, cache):
    """What a user of datasets writes; in a process of its own, as dept's."""
    code = """
import json, sys, time
start = time.perf_counter()
from datasets import load_dataset
from transformers import T5TokenizerFast
tokenizer = T5TokenizerFast.from_pretrained(sys.argv[2])
ready = time.perf_counter()
data = load_dataset("csv", data_files=sys.argv[1], sep="\\t", quoting=3, split="train", cache_dir=sys.argv[3])
data = data.map(lambda row: {"source": "sentence: " + str(row["sentence"]), "target": str(row["label"])})
def ids(batch):
    return {"input_ids": tokenizer(batch["source"]).input_ids, "labels": tokenizer(batch["target"]).input_ids}
data = data.map(ids, batched=True, remove_columns=data.column_names)
end = time.perf_counter()
print(json.dumps({"start": ready - start, "work": end - ready, "rows": len(data),
                  "ids": sum(len(row) for row in data["input_ids"])}))
"""
    start = time.perf_counter()
    out = subprocess.run([sys.executable, "-c", code, train, vocabulary, cache], check=True,
                         capture_output=True, text=True).stdout
    answer = json.loads(out.strip().splitlines()[-1])
    answer["process"] = time.perf_counter() - start
    return answer


def dept_once(dept, vocabulary):
    start = time.perf_counter()
    out = subprocess.run([dept, "data", "prepare", "sst2", "--backbone", vocabulary, "--again", "--json"],
                         check=True, capture_output=True, text=True).stdout
    answer = json.loads(out)
    answer["process"] = time.perf_counter() - start
    return answer


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--dept", default=".build/release/dept")
    parser.add_argument("--vocabulary", required=True)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    home = os.environ.get("DEPT_HOME", ".dept")
    train = Path(home) / "data/sst2/SST-2/train.tsv"
    if not train.exists():
        sys.exit(f"{train} is missing: run dept fetch sst2")
    theirs, ours = [], []
    for _ in range(arguments.rounds):
        cache = tempfile.mkdtemp()
        try:
            theirs.append(python_once(str(train), arguments.vocabulary, cache))
        finally:
            shutil.rmtree(cache)
        ours.append(dept_once(arguments.dept, arguments.vocabulary))
    median = lambda rows, key: statistics.median(row[key] for row in rows)
    parts = ours[0]["splits"]
    # dept holds 1,000 rows out for validation: together they are the training file.
    tokens = parts["train"]["tokens"] + parts["validation"]["tokens"]
    print(json.dumps({
        "python_seconds": median(theirs, "work"), "python_process_seconds": median(theirs, "process"),
        "dept_seconds": median(ours, "seconds"), "dept_process_seconds": median(ours, "process"),
        "ratio": median(theirs, "work") / median(ours, "seconds"),
        "process_ratio": median(theirs, "process") / median(ours, "process"),
        "rows": theirs[0]["rows"], "same_token_count": theirs[0]["ids"] == tokens,
    }, indent=2))


if __name__ == "__main__":
    main()
