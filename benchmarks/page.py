"""The page of a comparison: Markdown with a table of times, ratios and memory."""

import pathlib
import statistics

from matrix import Row, Side


def summary(side: Side) -> dict:
    runs = side.runs
    return {
        "median": statistics.median(r["median_seconds"] for r in runs),
        "slowest": max(r["median_seconds"] for r in runs),
        "minimum": min(r["min_seconds"] for r in runs),
        "memory": max(r["peak_rss_bytes"] for r in runs)}


def product_rate(sides: list[Side], engine: str, precision: str) -> float | None:
    rates = [r["product_gflops"][precision] for s in sides if s.engine == engine
             for r in s.runs if precision in r["product_gflops"]]
    return max(rates, default=None)


def ratios(ours: Side, theirs: list[Side]) -> tuple[float, float, float]:
    """Of medians, of minima and of memory. float32 is compared with float32; bfloat16 with
    whichever of their precisions is faster, or takes less memory, in each case."""
    chosen = [s for s in theirs if ours.precision == "bfloat16" or s.precision == "float32"]
    own = summary(ours)
    return tuple(min(summary(s)[key] for s in chosen) / own[key]
                 for key in ("median", "minimum", "memory"))


def page(row: Row, sides: list[Side], record: dict) -> str:
    m = record["machine"]
    torch = next(s for s in sides if s.engine == "PyTorch").runs[0]
    loads = [r["load_before"] for s in sides for r in s.runs]
    lines = [
        f"# {row.title}", "", row.description, "",
        f"{m['processor']}, {m['cores']} cores, {m['system']}; {record['threads']} threads on "
        f"both sides; commit {m['commit']}, {m['date']}.",
        f"PyTorch {torch['torch']}, transformers {torch['transformers']}.",
        f"{record['rounds']} rounds of {record['steps']} measured steps a side, alternating, each "
        f"in a fresh process; load average before a run: {min(loads):.2f} to {max(loads):.2f}.",
        ""]
    lines += table(row, sides) + [""] + remarks(row, sides, record) + ["", "Commands:", "", "```"]
    for side in sides:
        lines.append(" ".join(pathlib.Path(w).name if pathlib.Path(w).is_absolute() else w
                              for w in side.command))
    return "\n".join(lines + ["```", ""])


def table(row: Row, sides: list[Side]) -> list[str]:
    lines = [
        "| side | median s (slowest round) | min s | peak MB | GFLOP/s, of best product | "
        "against PyTorch | median | min | memory |",
        "|---|--:|--:|--:|--:|---|--:|--:|--:|"]
    for side in sides:
        s = summary(side)
        cells = [f"{side.engine} {side.precision}{padding(row, side)}",
                 f"{s['median']:.3f} ({s['slowest']:.3f})", f"{s['minimum']:.3f}",
                 f"{s['memory'] / 1e6:.0f}"]
        if side.engine != "dept":
            lines.append(f"| {' | '.join(cells)} | | | | | |")
            continue
        rates = [statistics.median(r[key] for r in side.runs)
                 for key in ("gflops", "utilization")]
        cells.append(f"{rates[0]:.0f}, {100 * rates[1]:.0f} %")
        for number, kind in enumerate(row.paddings):
            theirs = [s for s in sides if s.engine == "PyTorch" and s.padding == kind]
            whom = "its better" if side.precision == "bfloat16" else "float32"
            values = [f"**{r:.2f}**" for r in ratios(side, theirs)]
            start = cells if number == 0 else [""] * 5
            lines.append("| " + " | ".join(
                [*start, whom + padding(row, theirs[0]), *values]) + " |")
    return lines


def padding(row: Row, side: Side) -> str:
    if not row.lengths or side.engine == "dept":
        return ""
    return f", padded to {row.source_length if side.padding == 'maximum' else 'the longest'}"


def remarks(row: Row, sides: list[Side], record: dict) -> list[str]:
    lines = ["A ratio is PyTorch ÷ dept: above 1, dept is faster or smaller. float32 is compared "
             "with float32, bfloat16 with whichever of PyTorch's two precisions is better."]
    for side in (s for s in sides if s.engine == "PyTorch"):
        probes = ", ".join(f"{k} {v:.2f} s" for k, v in side.probes.items())
        lines.append(f"* PyTorch {side.precision}{padding(row, side)}: attention "
                     f"{side.runs[0]['attention']}" + (f", the faster of: {probes}." if probes
                                                       else ", as asked for."))
    if row.kind == "train":
        lines.append("* PyTorch bfloat16 is `model.to(torch.bfloat16)`; its trainable tensors are "
                     f"{record['trainable']}.")
    rates = {(e, p): product_rate(sides, e, p)
             for e in ("dept", "PyTorch") for p in ("float32", "bfloat16")}
    said = "; ".join(f"{e} {p} {r:.0f}" for (e, p), r in rates.items() if r)
    lines.append(f"* Best product of 1424 × 768 × 3072 in these processes, GFLOP/s: {said}.")
    kernels = {r["kernels"] for s in sides if s.engine == "dept" for r in s.runs if "kernels" in r}
    if kernels:
        lines.append(f"* dept multiplied with {', '.join(sorted(kernels))}.")
    if record["products"]:
        lines.append(f"* As on a processor without a matrix unit: dept multiplies bfloat16 by "
                     f"`--products {record['products']}`, PyTorch's libraries are kept from AMX "
                     "(`ONEDNN_MAX_CPU_ISA=AVX512_CORE_BF16`, "
                     "`MKL_ENABLE_INSTRUCTIONS=AVX512_E3`).")
    pair = (rates["PyTorch", "float32"], rates["PyTorch", "bfloat16"])
    if all(pair) and pair[1] < pair[0]:
        lines.append(f"  On this machine PyTorch multiplies bfloat16 at {pair[1] / pair[0]:.2f} "
                     "of its rate of float32.")
    faults = [max(r["page_faults_per_step"] for r in s.runs) for s in sides if s.engine == "dept"]
    taken = [max(r["system_allocations_after_warmup"] for r in s.runs) for s in sides
             if s.engine == "dept"]
    lines.append(f"* dept after warm-up, float32 and bfloat16: {faults[0]:.0f} and {faults[1]:.0f} "
                 f"page faults a step, {taken[0]} and {taken[1]} blocks from the system in all.")
    return lines
