#!/usr/bin/env python3
"""What a second run at the same time costs in memory, beside the weights that both read.

  benchmarks/shared-memory.py [--dept .build/release/dept] [--batch-size 4] [--name t5-base-jobs]

Writes a T5 of the shape of t5-base with random weights into a temporary folder, carries out two
runs of prompt tuning on it with --jobs 1 and with --jobs 2, and adds up the proportional set size
(Pss: a page that n processes share counts 1/n in each) of all workers, several times a second.
Needs Linux and nothing but Python; leaves results/NAME.md.
"""
import argparse
import array
import json
import os
import platform
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
VOCABULARY = os.path.join(HERE, "../Sources/Backbones/Shipped/nano/spiece.model")
WIDTH, INNER, HEADS, LAYERS, PIECES = 768, 3072, 12, 12, 32128


def shapes():
    """The tensors of t5-base, by name."""
    yield "shared.weight", (PIECES, WIDTH)
    for stack in ("encoder", "decoder"):
        for layer in range(LAYERS):
            block = f"{stack}.block.{layer}.layer"
            parts = ["SelfAttention"] + ["EncDecAttention"] * (stack == "decoder")
            for index, part in enumerate(parts):
                for matrix in "qkvo":
                    yield f"{block}.{index}.{part}.{matrix}.weight", (WIDTH, WIDTH)
                yield f"{block}.{index}.layer_norm.weight", (WIDTH,)
            if layer == 0:
                bias = f"{block}.0.SelfAttention.relative_attention_bias.weight"
                yield bias, (32, HEADS)
            last = f"{block}.{len(parts)}"
            yield f"{last}.DenseReluDense.wi.weight", (INNER, WIDTH)
            yield f"{last}.DenseReluDense.wo.weight", (WIDTH, INNER)
            yield f"{last}.layer_norm.weight", (WIDTH,)
        yield f"{stack}.final_layer_norm.weight", (WIDTH,)


def write_checkpoint(folder, vocabulary):
    """A backbone in Hugging Face layout; returns the bytes of its weights."""
    configuration = {
        "model_type": "t5", "d_model": WIDTH, "d_ff": INNER, "d_kv": 64, "num_heads": HEADS,
        "num_layers": LAYERS, "num_decoder_layers": LAYERS, "vocab_size": PIECES,
        "relative_attention_num_buckets": 32, "feed_forward_proj": "relu", "dropout_rate": 0.1,
        "decoder_start_token_id": 0, "eos_token_id": 1, "pad_token_id": 0,
    }
    with open(os.path.join(folder, "config.json"), "w") as file:
        json.dump(configuration, file)
    shutil.copy(vocabulary, os.path.join(folder, "spiece.model"))
    draw = random.Random(0)
    noise = array.array("f", (draw.gauss(0, 0.02) for _ in range(1 << 16))).tobytes()
    header, offset = {}, 0
    for name, shape in shapes():
        count = 4 * shape[0] * (shape[1] if len(shape) > 1 else 1)
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [offset, offset + count]}
        offset += count
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path = os.path.join(folder, "model.safetensors")
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for name, shape in shapes():
            left = header[name]["data_offsets"][1] - header[name]["data_offsets"][0]
            if name.endswith("norm.weight"):
                file.write(array.array("f", [1.0] * shape[0]).tobytes())
                continue
            while left > 0:
                file.write(noise[: min(left, len(noise))])
                left -= len(noise)
    return os.path.getsize(path)


def workers(scheduler):
    """The processes that a scheduler has started."""
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat") as file:
                fields = file.read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[1]) == scheduler:
            yield int(name)


def memory(process):
    """Mebibytes of a process by kind: Pss, Pss_Anon, …"""
    try:
        with open(f"/proc/{process}/smaps_rollup") as file:
            found = re.findall(r"^(\w+): +(\d+) kB", file.read(), re.MULTILINE)
    except OSError:
        return {}
    return {key: int(value) / 1024 for key, value in found}


def measure(arguments, folder, jobs):
    """The largest sum of Pss over all workers, and what each had for itself then."""
    command = [
        arguments.dept, "run", "sweep.swift", "--jobs", str(jobs), "--no-report", "--home",
        os.path.join(folder, f"home-{jobs}"),
    ]
    started = time.time()
    scheduler = subprocess.Popen(command, cwd=folder)
    peak = {"sum": 0.0, "own": []}
    try:
        while scheduler.poll() is None:
            # Twice, because a page is mapped by another process between two readings: what counts
            # as one process's own in the first may be shared in the second.
            running = list(workers(scheduler.pid))
            before = [memory(process) for process in running]
            now = [memory(process) for process in running]
            total = sum(
                min(first.get("Pss", 0), second.get("Pss", 0))
                for first, second in zip(before, now))
            if total > peak["sum"]:
                own = [each["Anonymous"] for each in now if each.get("Pss", 0) > 100]
                peak = {"sum": total, "own": own}
            time.sleep(0.2)
    except BaseException:
        scheduler.send_signal(signal.SIGTERM)
        raise
    if scheduler.returncode != 0:
        sys.exit(f"dept run ended with exit code {scheduler.returncode}")
    peak["seconds"] = time.time() - started
    return peak


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--dept", default=os.path.join(HERE, "../.build/release/dept"))
    parser.add_argument("--vocabulary", default=VOCABULARY, help="a spiece.model")
    parser.add_argument("--batch-size", type=int, default=4)
    parser.add_argument("--steps", type=int, default=4)
    parser.add_argument("--name", default="t5-base-jobs")
    arguments = parser.parse_args()
    arguments.dept = os.path.abspath(arguments.dept)
    folder = tempfile.mkdtemp(prefix="dept-shared-memory-")
    try:
        for name in ("backbone", "data"):
            os.mkdir(os.path.join(folder, name))
        weights = write_checkpoint(os.path.join(folder, "backbone"), arguments.vocabulary) / 2**20
        for split in ("train", "validation"):
            with open(os.path.join(folder, "data", f"{split}.jsonl"), "w") as file:
                for number in range(16):
                    words = " ".join(f"word{number + place}" for place in range(20))
                    file.write(json.dumps({"source": words, "target": "yes"}) + "\n")
        with open(os.path.join(folder, "sweep.swift"), "w") as file:
            file.write(f"""import Dept

@main struct Sweep: Experiment {{
  var plan: Plan {{
    Run(PromptTuning(length: 100), on: "./data", with: "./backbone")
      .steps({arguments.steps}).batchSize({arguments.batch_size})
      .evaluate(every: {arguments.steps}, limit: 2).seeds(1...2)
  }}
}}
""")
        one, two = (measure(arguments, folder, jobs) for jobs in (1, 2))
    finally:
        shutil.rmtree(folder)
    commit = subprocess.run(
        ["git", "-C", HERE, "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    lines = [
        "# Memory of two runs at a time: t5-base, prompt tuning, length 100", "",
        f"Float32, random weights ({weights:.0f} MiB), batch {arguments.batch_size},"
        f" {arguments.steps} steps; {platform.platform()}; commit {commit.stdout.strip()},"
        f" {time.strftime('%Y-%m-%d')}.", "",
        "| runs at a time | sum of Pss, MiB | each for itself, MiB |", "|--:|--:|--:|",
    ]
    for jobs, peak in ((1, one), (2, two)):
        own = ", ".join(f"{each:.0f}" for each in peak["own"])
        lines.append(f"| {jobs} | {peak['sum']:.0f} | {own} |")
    lines += ["", f"Two at a time take **{two['sum'] / one['sum']:.2f}** times the memory of one."]
    path = os.path.join(HERE, "results", f"{arguments.name}.md")
    with open(path, "w") as file:
        file.write("\n".join(lines) + "\n")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
