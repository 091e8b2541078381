"""What `gpt2-tiny` holds: transformers' values of the bare model, every method, the commands."""

import random

import torch
import transformers

import golden_gpt2 as gpt2
import golden_text as text
from golden_files import far, floats, save, write_json
from golden_forward import Method
from golden_gpt2 import GPT2
from golden_model import write_safetensors
from golden_peft import assert_bare, frozen
from golden_values import (
    BATCH, CLIP, NEW_TOKENS, STEPS, WARMUP, all_values, entries, train_values)

LENGTHS = [5, 24, 1, 11, 17], [2, 9, 4, 1, 7]
SOURCE_LENGTH, TARGET_LENGTH = 32, 8
# What follows a source and asks for its target, as in the DePT authors' code.
ENDING = " Label : "
# Methods whose scores and answers on text are kept, before and after training.
ANSWERING = ["pt", "dept", "lora"]


def write(folder, seed: int) -> dict:
    """Write the folder; returns the noise."""
    gpt2.write_model(folder, seed, write_safetensors)
    gpt2.train_tokenizer(folder, [line + ENDING for line in text.lines()]
                        + [t for pair in text.EXAMPLES for t in pair])
    return model_values(folder, seed + 100) | command_values(folder, seed + 100)


def model_values(folder, seed: int) -> dict:
    ids = random.Random(seed)
    sources = [[ids.randrange(gpt2.END) for _ in range(n)] for n in LENGTHS[0]]
    targets = [[ids.randrange(gpt2.END) for _ in range(n - 1)] + [gpt2.END] for n in LENGTHS[1]]
    model, exact = GPT2(folder), GPT2(folder, torch.float64)
    judge, bare, twin = frozen(model, folder), Method(model, {}, {}), Method(exact, {}, {})
    noise = {"transformers": assert_bare(model, folder, sources, targets)}
    tensors, golden = {}, {"examples": [], "methods": {}}
    for index, (source, target) in enumerate(zip(sources, targets)):
        with torch.no_grad():
            output = judge(torch.tensor([source + target[:-1]]), output_hidden_states=True)
        logits = output.logits[0][-len(target):]
        tensors[f"logits.{index}"] = logits
        tensors[f"hidden.{index}"] = output.hidden_states[-1][0]
        noise["logits, float32 against float64"] = max(
            noise.get("logits, float32 against float64", 0),
            far(logits, exact.logits(twin, source, target)))
        logs = logits.log_softmax(-1)[torch.arange(len(target)), torch.tensor(target)]
        greedy, beam = (generated(judge, source, beams, NEW_TOKENS) for beams in (1, 4))
        own = model.greedy(bare, source, NEW_TOKENS)
        assert own["ids"] == greedy["ids"] == exact.greedy(
            twin, source, NEW_TOKENS)["ids"], "a near tie"
        golden["examples"].append({
            "source": source, "target": target, "logprobs": floats(logs), "greedy": own,
            "beam": beam})
    noise["logits standard deviation"] = float(torch.cat(
        [t for n, t in tensors.items() if n.startswith("logits")]).std())
    save(folder / "logits.safetensors", tensors)
    golden["methods"], more = all_values(
        folder, GPT2, entries(False, SOURCE_LENGTH), sources, targets, seed)
    write_json(folder / "golden.json", golden)
    return noise | more


def generated(judge, source: list[int], beams: int, limit: int) -> dict:
    """What transformers' `generate` adds to a source."""
    output = judge.generate(
        torch.tensor([source]), attention_mask=torch.ones(1, len(source), dtype=torch.long),
        num_beams=beams, do_sample=False, max_new_tokens=limit, length_penalty=1.0,
        early_stopping=False, pad_token_id=gpt2.END, return_dict_in_generate=True,
        output_scores=True)
    result = {"ids": output.sequences[0, len(source):].tolist()}
    if beams > 1:
        result["score"] = float(output.sequences_scores[0])
    return result


def command_values(folder, seed: int) -> dict:
    """Write `commands.json`, the examples and trained parameters."""
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    whole = [tokenizer(s + ENDING).input_ids for s, _ in text.EXAMPLES]
    ending = tokenizer(ENDING).input_ids
    answers = [tokenizer(t).input_ids + [gpt2.END] for _, t in text.EXAMPLES]
    for (source, target), ids, answer in zip(text.EXAMPLES, whole, answers):
        assert tokenizer.decode(ids) == source + ENDING and tokenizer.decode(answer[:-1]) == target
    # What is too long loses its last pieces, never the ending.
    sources = [ids if len(ids) <= SOURCE_LENGTH
               else ids[: SOURCE_LENGTH - len(ending)] + ending for ids in whole]
    targets = [ids[:-1][: TARGET_LENGTH - 1] + [gpt2.END] for ids in answers]
    short = [i for i in range(len(whole)) if whole[i] == sources[i] and answers[i] == targets[i]]
    assert 0 < len(short) < len(whole)
    text.write_examples(folder / "train.jsonl", text.EXAMPLES)
    text.write_examples(folder / "score.jsonl", [text.EXAMPLES[i] for i in short])
    golden: dict = {
        "source_length": SOURCE_LENGTH, "target_length": TARGET_LENGTH, "steps": STEPS,
        "warmup": WARMUP, "batch_size": BATCH, "clip": CLIP, "source_ids": sources,
        "target_ids": targets, "untruncated_source_ids": whole, "score_lines": short,
        "score": {}, "predict": {}, "train": {}}
    noise: dict = {}
    model = GPT2(folder)
    judge = frozen(model, folder)

    def answer(key: str, method: Method) -> None:
        golden["score"][key], golden["predict"][key] = [], []
        for i in short:
            with torch.no_grad():
                golden["score"][key].append(floats(
                    method.model.log_probabilities(method, sources[i], targets[i])))
            rows = [{"beams": 1, "new_tokens": limit} | method.model.greedy(
                method, sources[i], limit) for limit in (NEW_TOKENS, NEW_TOKENS + 1)]
            noise["greedy margin of predictions"] = min(
                noise.get("greedy margin of predictions", 9.0), rows[1]["margin"])
            if key == "none":
                rows += [{"beams": 4, "new_tokens": limit} | generated(
                    judge, sources[i], 4, limit) for limit in (NEW_TOKENS, NEW_TOKENS + 1)]
            for row in rows:
                row["text"] = tokenizer.decode(row["ids"], skip_special_tokens=True)
            golden["predict"][key].append(rows)

    answer("none", Method(model, {}, {}))
    for entry in entries(False, SOURCE_LENGTH):
        if entry.key in ANSWERING:
            answer(entry.key, entry.kind(model, entry.random(model, seed), entry.options))
        if entry.rate is None:
            continue
        value, method, more = train_values(folder, GPT2, entry, sources, targets, seed)
        golden["train"][entry.key] = value
        noise[f"{entry.key}, trained"] = more
        if entry.key in ANSWERING:
            answer(f"{entry.key}-trained", method)
            save(folder / f"{entry.key}.trained.safetensors", method.parameters)
    write_json(folder / "commands.json", golden)
    return noise
