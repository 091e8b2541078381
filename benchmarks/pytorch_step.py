#!/usr/bin/env python3
"""Times training steps or inference of T5 in PyTorch and transformers; prints one JSON object.

The backbone has the published shape and random weights, frozen. A training step is: forward with
teacher forcing, mean cross-entropy over the target tokens, backward, clipping of the global
gradient norm, AdamW on the trainable tensors. Inference is `generate`: the encoder once, then so
many tokens, greedily, without gradients. Sources have the given length, or those of a file, and are
padded as asked; padding is masked. Dropout is as given, everywhere T5 has it.

bfloat16 is `model.to(torch.bfloat16)`; the trainable tensors stay float32, as PEFT keeps them, and
are rounded where they meet the model, unless `--trainable bfloat16` says otherwise.
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
    parser.add_argument("kind", choices=["train", "infer"])
    parser.add_argument("--backbone", choices=BACKBONES, default="t5-small")
    parser.add_argument("--method", choices=["pt", "dept"], default="pt")
    parser.add_argument("--length", type=int, default=100, help="prompt length of pt")
    parser.add_argument("--prompt-length", type=int, default=40, help="prompt length of dept")
    parser.add_argument("--rank", type=int, default=45, help="rank of dept")
    parser.add_argument("--batch-size", type=int, default=8)
    parser.add_argument("--source-length", type=int, default=256, help="also the rows of dept's A")
    parser.add_argument("--target-length", type=int, default=2)
    parser.add_argument("--lengths", help="a file with one source length a line")
    parser.add_argument("--padding", choices=["longest", "maximum"], default="longest",
                        help="to the longest source of the batch, or to --source-length")
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--precision", choices=["float32", "bfloat16"], default="float32")
    parser.add_argument("--trainable", choices=["float32", "bfloat16"], default="float32")
    parser.add_argument("--attention", choices=["default", "eager", "sdpa"], default="default")
    parser.add_argument("--steps", type=int, default=5, help="timed steps")
    parser.add_argument("--warmup", type=int, default=1, help="steps before them")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    return parser.parse_args()


def main() -> None:
    options = arguments()
    # Before torch is imported: its OpenMP runtime reads the variable once.
    os.environ["OMP_NUM_THREADS"] = str(options.threads)
    import torch
    import transformers

    transformers.logging.set_verbosity_error()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    precision = getattr(torch, options.precision)
    # Made in its precision, so that the peak of memory is not that of a conversion.
    torch.set_default_dtype(precision)
    model = backbone(options).to(precision)
    torch.set_default_dtype(torch.float32)
    step = training(options, model) if options.kind == "train" else inference(options, model)

    seconds, processor = [], []
    for _ in range(options.warmup + options.steps):
        start, used = time.perf_counter(), time.process_time()
        step()
        seconds.append(time.perf_counter() - start)
        processor.append(time.process_time() - used)
    seconds, processor = seconds[options.warmup:], processor[options.warmup:]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    median = statistics.median(seconds)
    print(json.dumps({
        "median_seconds": median, "min_seconds": min(seconds), "seconds": seconds,
        "median_processor_seconds": statistics.median(processor),
        "samples_per_second": options.batch_size / median, "peak_rss_bytes": memory,
        "product_gflops": {options.precision: product_rate(precision)},
        "threads": torch.get_num_threads(), "attention": model.config._attn_implementation,
        "torch": torch.__version__, "transformers": transformers.__version__}
        | {k: v for k, v in vars(options).items() if k not in ("attention", "threads")}))


def backbone(options: argparse.Namespace):
    from transformers import T5Config, T5ForConditionalGeneration

    width, hidden, layers, heads, head = BACKBONES[options.backbone]
    config = T5Config(
        vocab_size=32128, d_model=width, d_ff=hidden, num_layers=layers, num_heads=heads,
        d_kv=head, dropout_rate=options.dropout, decoder_start_token_id=0,
        use_cache=options.kind == "infer")
    if options.attention != "default":
        config._attn_implementation = options.attention
    model = T5ForConditionalGeneration(config).requires_grad_(False)
    return model.train(options.kind == "train")


def source(options: argparse.Namespace):
    """The ids of the padded sources, and which of them count."""
    import torch

    lengths = [options.source_length]
    if options.lengths:
        with open(options.lengths, encoding="utf-8") as file:
            lengths = [min(int(line), options.source_length) for line in file]
    lengths = torch.tensor([lengths[i % len(lengths)] for i in range(options.batch_size)])
    padded = int(lengths.max()) if options.padding == "longest" else options.source_length
    mask = (torch.arange(padded) < lengths[:, None]).long()
    return torch.randint(3, 32000, mask.shape) * mask, mask


def method(options: argparse.Namespace, model):
    """The trainable tensors, and the function from ids and mask to what the encoder reads."""
    import torch

    width, trainable = model.config.d_model, getattr(torch, options.trainable)
    if options.precision == "float32":
        trainable = torch.float32

    def parameter(values):
        return torch.nn.Parameter(values.to(trainable))

    rows = options.length if options.method == "pt" else options.prompt_length
    prompt = parameter(torch.randn(rows, width))
    parameters = [prompt]
    if options.method == "dept":
        a = parameter(torch.rand(options.source_length, options.rank) - 0.5)
        b = parameter(torch.zeros(options.rank, width))
        parameters += [a, b]
        scale = 8 / math.sqrt(options.rank)

    def inputs(ids, mask):
        embeddings = model.shared(ids)
        if options.method == "dept":
            offset = (a[: ids.shape[1]] @ b) * scale
            embeddings = embeddings + offset.to(embeddings.dtype)
        soft = prompt.to(embeddings.dtype).expand(len(ids), -1, -1)
        ones = mask.new_ones(len(ids), rows)
        return torch.cat([soft, embeddings], 1), torch.cat([ones, mask], 1)

    return parameters, inputs


def training(options: argparse.Namespace, model):
    import torch

    ids, mask = source(options)
    labels = torch.randint(3, 32000, (options.batch_size, options.target_length))
    parameters, inputs = method(options, model)
    optimizer = torch.optim.AdamW(parameters, lr=0.01, eps=1e-6, weight_decay=0.0)

    def step() -> None:
        embeddings, whole = inputs(ids, mask)
        loss = model(inputs_embeds=embeddings, attention_mask=whole, labels=labels).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        optimizer.zero_grad()

    return step


def inference(options: argparse.Namespace, model):
    import torch

    ids, mask = source(options)
    _, inputs = method(options, model)

    def step() -> None:
        with torch.no_grad():
            embeddings, whole = inputs(ids, mask)
            model.generate(
                inputs_embeds=embeddings, attention_mask=whole, do_sample=False, num_beams=1,
                min_new_tokens=options.target_length, max_new_tokens=options.target_length)

    return step


def product_rate(precision) -> float:
    """The best rate of a product as large as a T5-base feed-forward layer's, in 10^9 a second."""
    import torch

    rows, width, hidden = 1424, 768, 3072
    narrow, wide = torch.rand(rows, width).to(precision), torch.rand(rows, hidden).to(precision)
    weight = torch.rand(hidden, width).to(precision)
    best = math.inf
    with torch.no_grad():
        for _ in range(8):
            for product in (lambda: narrow @ weight.T, lambda: wide @ weight):
                start = time.perf_counter()
                product()
                best = min(best, time.perf_counter() - start)
    return 2 * rows * width * hidden / best / 1e9


if __name__ == "__main__":
    main()
