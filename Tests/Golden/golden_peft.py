"""The judges: transformers for the bare forward passes, PEFT for the methods that it has."""

import peft
import torch
from transformers import GPT2LMHeadModel

import golden_model as models
from golden_forward import T5, Method

TOLERANCE = 2e-5


def frozen(model, folder):
    """transformers' model of the same folder, without dropout."""
    if isinstance(model, T5):
        return models.load(folder, model.dtype)
    judge, info = GPT2LMHeadModel.from_pretrained(
        folder, dtype=model.dtype, attn_implementation="eager", output_loading_info=True)
    assert not info["missing_keys"] and not info["unexpected_keys"], info
    return judge.requires_grad_(False).eval()


def their_logits(model, judge, source, target, **more):
    """`[target, vocabulary]` of one example by transformers or PEFT.

    PEFT's multitask prompts lose the decoder's input; its labels pass.
    """
    def row(ids):
        return torch.tensor([ids])

    with torch.no_grad():
        if isinstance(model, T5):
            decoder = ({"labels": row(target)} if "task_ids" in more
                       else {"decoder_input_ids": row([0] + target[:-1])})
            return judge(
                input_ids=row(source), attention_mask=torch.ones(1, len(source)),
                **decoder, **more).logits[0]
        return judge(input_ids=row(source + target[:-1]), **more).logits[0][-len(target):]


def assert_bare(model, folder, sources, targets) -> float:
    """The forward pass written out is transformers'; returns the largest difference."""
    judge, bare = frozen(model, folder), Method(model, {}, {})
    with torch.no_grad():
        worst = max(
            float((model.logits(bare, s, t) - their_logits(model, judge, s, t)).abs().max())
            for s, t in zip(sources, targets))
    assert worst < 1e-5, worst
    return worst


def assert_judged(key, method, folder, sources, targets, tasks=1, task=0) -> float | None:
    """PEFT's logits are the method's; nothing where PEFT lacks it, else the difference."""
    model, values = method.model, {n: v.detach() for n, v in method.values.items()}
    if key.startswith("prefix") and isinstance(model, T5):
        if key == "prefix-mlp":
            return None  # PEFT's network makes rows of the inner width only
        values = {n: v for n, v in values.items() if n.startswith("decoder")}
        method = as_peft_places(method)
    build = {"lora": lora, "ia3": ia3, "pt": prompt, "mpt": multitask, "mpt-two": multitask,
             "p-tuning": p_tuning, "p-tuning-lstm": p_tuning, "prefix": prefix,
             "prefix-mlp": prefix}.get(key)
    if build is None:
        return None
    arguments = {"task_ids": torch.tensor([task])} if key.startswith("mpt") else {}
    config, tensors = build(model, values, method.options | {"tasks": tasks})
    judge = peft.get_peft_model(frozen(model, folder), config).eval()
    own = dict(judge.named_parameters())
    with torch.no_grad():
        for name, value in tensors.items():
            matches = [n for n in own if n.endswith(name)]
            assert len(matches) == 1 and own[matches[0]].numel() == value.numel(), (name, matches)
            own[matches[0]].copy_(value.reshape(own[matches[0]].shape))
        trained = [n for n, p in own.items() if p.requires_grad]
        left = [n for n in trained if not any(n.endswith(name) for name in tensors)]
        assert not left, left
        worst = max(
            float((model.logits(method, s, t, task)
                   - their_logits(model, judge, s, t, **arguments)).abs().max())
            for s, t in zip(sources, targets))
    assert worst < TOLERANCE, (key, worst)
    return worst


def as_peft_places(method):
    """Prefix tuning on T5 where PEFT puts the rows, which is not where it says.

    The encoder gets none, and layer i of the decoder's n those of layer 2i mod n: PEFT repeats
    the list of all layers and cuts it into fours.
    """
    class AsPlaced(type(method)):
        def memory(self, site, keys, values):
            stack, layer, part = site.split(".")
            if stack == "encoder" or part != "attention":
                return keys, values
            layer = 2 * int(layer) % self.model.stacks[stack]
            return super().memory(f"{stack}.{layer}.{part}", keys, values)

    arrays = {n: v.detach().numpy() for n, v in method.values.items()}
    return AsPlaced(method.model, arrays, method.options)


# MARK: one configuration for each method, with PEFT's names of the tensors


def of_task(model, **more) -> dict:
    return {"task_type": "SEQ_2_SEQ_LM" if isinstance(model, T5) else "CAUSAL_LM"} | more


def module(model, site: str) -> str:
    """The name of the module of a site, in transformers."""
    if isinstance(model, T5):
        return model.names[site].removesuffix(".weight")
    return f"transformer.{model.places[site][0]}"


def lora(model, values, options):
    sites = sorted({n.split("/")[0] for n in values})
    rank, alpha = options["rank"], options["alpha"]
    if isinstance(model, T5):
        tensors = {f"{module(model, s)}.lora_{x.upper()}.default.weight": values[f"{s}/lora.{x}"].T
                   for s in sites for x in "ab"}
        return peft.LoraConfig(
            **of_task(model, r=rank, lora_alpha=alpha, target_modules=["q", "v"])), tensors
    # One product makes query, key and value: two pairs become one of twice the rank.
    tensors, d = {}, model.width
    for path in model.blocks():
        name = module(model, f"{path}.query")
        (qa, qb), (va, vb) = (
            [values[f"{path}.{part}/lora.{x}"] for x in "ab"] for part in ["query", "value"])
        up = torch.zeros(3 * d, 2 * rank)
        up[:d, :rank], up[2 * d :, rank:] = qb.T, vb.T
        tensors[f"{name}.lora_A.default.weight"] = torch.cat([qa.T, va.T])
        tensors[f"{name}.lora_B.default.weight"] = up
    return peft.LoraConfig(**of_task(
        model, r=2 * rank, lora_alpha=2 * alpha, target_modules=["c_attn"],
        fan_in_fan_out=True)), tensors


def ia3(model, values, options):
    def name(site):
        return f"{module(model, site)}.ia3_l.default"

    if isinstance(model, T5):
        tensors = {name(n.split("/")[0]): v for n, v in values.items()}
        return peft.IA3Config(**of_task(
            model, target_modules=["k", "v", "wo"], feedforward_modules=["wo"])), tensors
    tensors = {}
    for path in model.blocks():
        key, value = values[f"{path}.key/ia3"], values[f"{path}.value/ia3"]
        tensors[name(f"{path}.query")] = torch.cat([torch.ones(model.width), key, value])
        tensors[name(f"{path}.down")] = values[f"{path}.down/ia3"]
    return peft.IA3Config(**of_task(
        model, target_modules=["c_attn", "mlp.c_proj"], feedforward_modules=["mlp.c_proj"],
        fan_in_fan_out=True)), tensors


def prompt(model, values, options):
    (value,) = values.values()
    return peft.PromptTuningConfig(**of_task(
        model, num_virtual_tokens=len(value), num_transformer_submodules=1)), {
            "prompt_encoder.default.embedding.weight": value}


def multitask(model, values, options):
    site, start = model.source_input, "prompt_encoder.default"
    return peft.MultitaskPromptTuningConfig(**of_task(
        model, num_virtual_tokens=options["length"], num_transformer_submodules=1,
        num_tasks=options["tasks"], num_ranks=1, prompt_tuning_init="RANDOM")), {
            f"{start}.embedding.weight": values[f"{site}/prompt"],
            f"{start}.prefix_task_cols": values[f"{site}/task.row"],
            f"{start}.prefix_task_rows": values[f"{site}/task.column"]}


def p_tuning(model, values, options):
    site, start = f"{model.source_input}/p-tuning", "prompt_encoder.default"
    is_lstm, tensors = options["encoder"] == "lstm", {}
    for name, value in values.items():
        words = name.removeprefix(f"{site}.").split(".")
        if words[0] == "mlp":
            tensors[f"{start}.mlp_head.{2 * int(words[1])}.{words[2]}"] = value.t()
        elif words[0] == "lstm":
            end = f"_l{words[1]}" + ("_reverse" if words[2] == "backward" else "")
            kind = {"input": "weight_ih", "hidden": "weight_hh", "bias": "bias_ih"}[words[3]]
            tensors[f"{start}.lstm_head.{kind}{end}"] = value.t()
            if kind == "bias_ih":
                tensors[f"{start}.lstm_head.bias_hh{end}"] = torch.zeros_like(value)
    tensors[f"{start}.embedding.weight"] = values[f"{site}.embedding"]
    return peft.PromptEncoderConfig(**of_task(
        model, num_virtual_tokens=options["length"], num_transformer_submodules=1,
        encoder_hidden_size=options["hiddenWidth"], encoder_dropout=0.0, encoder_num_layers=2,
        encoder_reparameterization_type="LSTM" if is_lstm else "MLP")), tensors


def prefix(model, values, options):
    layers, start = model.stacks["decoder"], "prompt_encoder.default"
    shape = dict(num_virtual_tokens=options["length"], num_layers=layers, token_dim=model.inner,
                 num_attention_heads=model.heads, num_transformer_submodules=len(model.stacks))
    if "hiddenWidth" not in options:
        rows = torch.cat([values[f"decoder.{layer}.attention/prefix.{part}"]
                          for layer in range(layers) for part in ["key", "value"]], 1)
        return peft.PrefixTuningConfig(**of_task(model, **shape)), {
            f"{start}.embedding.weight": rows}
    site = "decoder.input/prefix"
    tensors = {f"{start}.transform.{2 * i}.{kind}": values[f"{site}.mlp.{i}.{kind}"].t()
               for i in range(2) for kind in ["weight", "bias"]}
    return peft.PrefixTuningConfig(**of_task(
        model, **shape, prefix_projection=True, encoder_hidden_size=options["hiddenWidth"])), {
            f"{start}.embedding.weight": values[f"{site}.embedding"]} | tensors
