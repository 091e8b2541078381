"""Random small T5 models in Hugging Face layout, and running them with transformers.

The weights come from NumPy's PCG64, tensor by tensor in a fixed order, so that they depend on
neither the initialisation code nor the random numbers of PyTorch or transformers.
"""

import json
import pathlib

import numpy
import torch
from safetensors.numpy import load_file
from transformers import T5Config, T5ForConditionalGeneration
from transformers.modeling_outputs import BaseModelOutput
from transformers.models.t5.modeling_t5 import T5LayerNorm

# Pieces the tokenizer has; the rows above it are spare, as in the published T5 models.
PIECES = 93
VOCABULARY = 97

CONFIGURATIONS = {
    "t5-v1.0": dict(
        d_model=40, d_kv=12, num_heads=3, d_ff=56, num_layers=3, num_decoder_layers=2,
        relative_attention_num_buckets=8, relative_attention_max_distance=20,
        feed_forward_proj="relu", tie_word_embeddings=True),
    "t5-v1.1": dict(
        d_model=40, d_kv=12, num_heads=3, d_ff=56, num_layers=2, num_decoder_layers=3,
        relative_attention_num_buckets=8, relative_attention_max_distance=20,
        feed_forward_proj="gated-gelu", tie_word_embeddings=False),
    "t5-far": dict(
        d_model=32, d_kv=64, num_heads=2, d_ff=48, num_layers=2, num_decoder_layers=1,
        relative_attention_num_buckets=32, relative_attention_max_distance=128,
        feed_forward_proj="relu", tie_word_embeddings=True),
}


def write_model(folder: pathlib.Path, name: str, seed: int) -> None:
    """Write `config.json` and `model.safetensors` of the random model `name`."""
    shape = CONFIGURATIONS[name]
    config = dict(
        architectures=["T5ForConditionalGeneration"], model_type="t5", is_encoder_decoder=True,
        vocab_size=VOCABULARY, pad_token_id=0, eos_token_id=1, decoder_start_token_id=0,
        dropout_rate=0.1, initializer_factor=1.0, layer_norm_epsilon=1e-6, use_cache=True,
        torch_dtype="float32", **shape)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")
    write_safetensors(folder / "model.safetensors", random_weights(shape, seed), {"format": "pt"})


def write_safetensors(
    path: pathlib.Path, arrays: dict[str, numpy.ndarray], metadata: dict[str, str]
) -> None:
    """Write float32 tensors, sorted by name.

    The safetensors package writes metadata in an order that changes from run to run.
    """
    header: dict = {"__metadata__": dict(sorted(metadata.items()))} if metadata else {}
    data = b""
    for name, array in sorted(arrays.items()):
        assert array.dtype == numpy.float32, name
        start, data = len(data), data + array.astype("<f4").tobytes()
        header[name] = {
            "dtype": "F32", "shape": list(array.shape), "data_offsets": [start, len(data)]}
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(len(text).to_bytes(8, "little") + text + data)
    assert load_file(path).keys() == arrays.keys()


def random_weights(c: dict, seed: int) -> dict[str, numpy.ndarray]:
    """Weights that keep activations of order one, with uneven norms and strong position biases.

    What layers write is large beside the embeddings, so that tied models do not just repeat.
    """
    random = numpy.random.Generator(numpy.random.PCG64(seed))
    weights: dict[str, numpy.ndarray] = {}
    d, ff, inner, heads = c["d_model"], c["d_ff"], c["num_heads"] * c["d_kv"], c["num_heads"]

    def normal(name: str, rows: int, columns: int, deviation: float) -> None:
        values = random.standard_normal((rows, columns)) * deviation
        weights[name] = values.astype(numpy.float32)

    def norm(name: str) -> None:
        weights[name] = (1 + 0.3 * random.standard_normal(d)).astype(numpy.float32)

    def attention(prefix: str, positions: bool) -> None:
        # T5 does not divide scores by the root of the head width: the query projection does.
        normal(f"{prefix}.q.weight", inner, d, (d * c["d_kv"]) ** -0.5)
        normal(f"{prefix}.k.weight", inner, d, d**-0.5)
        normal(f"{prefix}.v.weight", inner, d, d**-0.5)
        normal(f"{prefix}.o.weight", d, inner, 2.5 * inner**-0.5)
        if positions:
            normal(f"{prefix}.relative_attention_bias.weight",
                   c["relative_attention_num_buckets"], heads, 1.0)

    def feed_forward(prefix: str) -> None:
        names = ["wi_0", "wi_1"] if c["feed_forward_proj"].startswith("gated") else ["wi"]
        for name in names:
            normal(f"{prefix}.DenseReluDense.{name}.weight", ff, d, d**-0.5)
        normal(f"{prefix}.DenseReluDense.wo.weight", d, ff, 2.5 * ff**-0.5)
        norm(f"{prefix}.layer_norm.weight")

    # Rows 0 (padding), 2 (unknown) and the spare ones are rarely predicted, row 1 (end) often.
    scale = numpy.full((VOCABULARY, 1), 1.0)
    scale[[0, 2]], scale[PIECES:] = 0.3, 0.1
    scale[1] = 2.0 if c["tie_word_embeddings"] else 3.0
    normal("shared.weight", VOCABULARY, d, 1.5)
    weights["shared.weight"] *= scale.astype(numpy.float32)
    for layer in range(c["num_layers"]):
        block = f"encoder.block.{layer}"
        attention(f"{block}.layer.0.SelfAttention", layer == 0)
        norm(f"{block}.layer.0.layer_norm.weight")
        feed_forward(f"{block}.layer.1")
    norm("encoder.final_layer_norm.weight")
    for layer in range(c["num_decoder_layers"]):
        block = f"decoder.block.{layer}"
        attention(f"{block}.layer.0.SelfAttention", layer == 0)
        norm(f"{block}.layer.0.layer_norm.weight")
        attention(f"{block}.layer.1.EncDecAttention", False)
        norm(f"{block}.layer.1.layer_norm.weight")
        feed_forward(f"{block}.layer.2")
    norm("decoder.final_layer_norm.weight")
    if not c["tie_word_embeddings"]:
        normal("lm_head.weight", VOCABULARY, d, 1.5 * d**-0.5)
        weights["lm_head.weight"] *= scale.astype(numpy.float32)
    return weights


def load(folder: pathlib.Path, dtype: torch.dtype = torch.float32) -> T5ForConditionalGeneration:
    """The model of a folder, without dropout, every weight frozen; fails if a tensor is lost."""
    config = T5Config.from_pretrained(folder)
    config.dropout_rate = 0.0
    model, info = T5ForConditionalGeneration.from_pretrained(
        folder, config=config, dtype=torch.float32, attn_implementation="eager",
        output_loading_info=True)
    assert not info["missing_keys"] and not info["unexpected_keys"], info
    tied = model.lm_head.weight.data_ptr() == model.shared.weight.data_ptr()
    untied = json.loads((folder / "config.json").read_text())["tie_word_embeddings"] is False
    assert tied != untied and model.config.scale_decoder_outputs != untied
    model.to(dtype)
    if dtype == torch.float64:
        exact_norms(model)
    model.requires_grad_(False)
    return model.eval()


def exact_norms(model: torch.nn.Module) -> None:
    """Compute RMS norms in float64, where transformers computes the variance in float32."""
    for module in model.modules():
        if isinstance(module, T5LayerNorm):
            module.forward = lambda x, norm=module: norm.weight * x * torch.rsqrt(
                x.pow(2).mean(-1, keepdim=True) + norm.variance_epsilon)


def padded(rows: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Rows padded with 0 on the right, `[batch, longest]`, and the mask of what is real."""
    ids = torch.zeros(len(rows), max(map(len, rows)), dtype=torch.long)
    mask = torch.zeros_like(ids)
    for index, row in enumerate(rows):
        ids[index, : len(row)] = torch.tensor(row)
        mask[index, : len(row)] = 1
    return ids, mask


def logits(model, method, sources, targets):
    """Logits `[batch, target, vocabulary]` and encoder output `[batch, prompt+source, width]`.

    Teacher forcing: the decoder reads 0 (padding), then the target without its last token.
    """
    ids, mask = padded(sources)
    labels, label_mask = padded(targets)
    embeddings, mask = method.embed(model.shared(ids), mask)
    decoder_ids = torch.cat([torch.zeros(len(targets), 1, dtype=torch.long), labels[:, :-1]], 1)
    with method.installed(model):
        output = model(
            inputs_embeds=embeddings, attention_mask=mask, decoder_input_ids=decoder_ids,
            decoder_attention_mask=label_mask)
    return output.logits, output.encoder_last_hidden_state


def log_probabilities(scores: torch.Tensor, targets: list[list[int]]) -> list[torch.Tensor]:
    """The natural-log probability of every target token, one tensor per example."""
    logs = torch.log_softmax(scores, -1)
    return [logs[i, torch.arange(len(t)), torch.tensor(t)] for i, t in enumerate(targets)]


def mean_loss(model, method, sources, targets) -> torch.Tensor:
    """The cross-entropy, averaged over all target tokens of the batch."""
    scores, _ = logits(model, method, sources, targets)
    return -torch.cat(log_probabilities(scores, targets)).mean()


def generate(model, method, source: list[int], beams: int, max_length: int) -> dict:
    """What `generate` returns for one source: ids without the start token, and the beam score.

    `max_length` counts the decoder's start token, so at most `max_length - 1` tokens are new.
    No cache: transformers 5 sizes it by the encoder's depth and fails where the decoder is deeper.
    """
    ids, mask = padded([source])
    with torch.no_grad(), method.installed(model):
        embeddings, mask = method.embed(model.shared(ids), mask)
        hidden = model.encoder(inputs_embeds=embeddings, attention_mask=mask).last_hidden_state
        output = model.generate(
            encoder_outputs=BaseModelOutput(last_hidden_state=hidden), attention_mask=mask,
            num_beams=beams, do_sample=False, max_length=max_length, length_penalty=1.0,
            early_stopping=False, use_cache=False, return_dict_in_generate=True,
            output_scores=True)
    result = {"ids": output.sequences[0, 1:].tolist()}
    if beams > 1:
        result["score"] = float(output.sequences_scores[0])
    else:
        margins = [s[0].topk(2).values for s in output.scores]
        result["margin"] = float(min(m[0] - m[1] for m in margins))
    return result
