#!/usr/bin/env python3
"""Times one training step of T5 with PyTorch and transformers, and prints one JSON object.

The backbone has the published shape and random weights, frozen, in float32. A step is: forward
with teacher forcing, mean cross-entropy over the target tokens, backward, clipping of the global
gradient norm, AdamW on the trainable tensors. Every sequence has the full length, so nothing is
padded. Dropout is as given, everywhere T5 has it. `processor_seconds` adds up the threads' time; on
a busy machine it says more than the clock, but only with one thread (OpenMP's threads spin).
"""

import argparse
import json
import math
import os
import resource
import statistics
import time

# Shapes of the published models: width, hidden, layers, heads, head width.
BACKBONES = {
    "t5-small": (512, 2048, 6, 8, 64),
    "t5-base": (768, 3072, 12, 12, 64),
    "t5-large": (1024, 4096, 24, 16, 64),
}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--backbone", choices=BACKBONES, default="t5-small")
    parser.add_argument("--method", choices=["pt", "dept"], default="pt")
    parser.add_argument("--length", type=int, default=100, help="prompt length of pt")
    parser.add_argument("--prompt-length", type=int, default=40, help="prompt length of dept")
    parser.add_argument("--rank", type=int, default=40, help="rank of dept")
    parser.add_argument("--batch-size", type=int, default=8)
    parser.add_argument("--source-length", type=int, default=256)
    parser.add_argument("--target-length", type=int, default=2)
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--steps", type=int, default=5, help="timed steps, after one more")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--attention", choices=["default", "eager", "sdpa"], default="default")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    # Before torch is imported: its OpenMP runtime reads the variable once.
    os.environ["OMP_NUM_THREADS"] = str(options.threads)
    import torch
    import transformers
    from transformers import T5Config, T5ForConditionalGeneration

    transformers.logging.set_verbosity_error()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    width, hidden, layers, heads, head = BACKBONES[options.backbone]
    config = T5Config(
        vocab_size=32128, d_model=width, d_ff=hidden, num_layers=layers, num_heads=heads,
        d_kv=head, dropout_rate=options.dropout, decoder_start_token_id=0, use_cache=False)
    if options.attention != "default":
        config._attn_implementation = options.attention
    model = T5ForConditionalGeneration(config).train().requires_grad_(False)

    batch, source, target = options.batch_size, options.source_length, options.target_length
    ids = torch.randint(3, 32000, (batch, source))
    labels = torch.randint(3, 32000, (batch, target))
    rows = options.length if options.method == "pt" else options.prompt_length
    prompt = torch.nn.Parameter(torch.randn(rows, width))
    parameters, offset = [prompt], None
    if options.method == "dept":
        a = torch.nn.Parameter(torch.rand(source, options.rank) - 0.5)
        b = torch.nn.Parameter(torch.zeros(options.rank, width))
        parameters += [a, b]
        offset = lambda: (a @ b) * (8 / math.sqrt(options.rank))
    optimizer = torch.optim.AdamW(parameters, lr=0.01, eps=1e-6, weight_decay=0.0)
    mask = torch.ones(batch, rows + source, dtype=torch.long)

    def step() -> None:
        embeddings = model.shared(ids)
        if offset is not None:
            embeddings = embeddings + offset()
        inputs = torch.cat([prompt.expand(batch, -1, -1), embeddings], 1)
        loss = model(inputs_embeds=inputs, attention_mask=mask, labels=labels).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        optimizer.zero_grad()

    seconds, processor = [], []
    for _ in range(options.steps + 1):
        start, used = time.perf_counter(), time.process_time()
        step()
        seconds.append(time.perf_counter() - start)
        processor.append(time.process_time() - used)
    seconds, processor = seconds[1:], processor[1:]  # The first one also allocates and plans.
    median = statistics.median(seconds)
    print(json.dumps({
        "median_seconds": median, "min_seconds": min(seconds), "seconds": seconds,
        "median_processor_seconds": statistics.median(processor),
        "samples_per_second": batch / median,
        "peak_rss_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "threads": torch.get_num_threads(), "backbone": options.backbone,
        "method": options.method, "dropout": options.dropout, "batch_size": batch,
        "source_length": source, "target_length": target,
        "trainable": sum(p.numel() for p in parameters),
        "attention": model.config._attn_implementation, "torch": torch.__version__,
        "transformers": transformers.__version__}))


if __name__ == "__main__":
    main()
