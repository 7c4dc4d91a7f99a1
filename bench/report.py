"""The table of a run, and the file it is kept in."""

import datetime
import os
import pathlib
import platform

# measure, what a row is called, format of a value
ROWS = [
    ("cpu_us", "the same, median (µs)", "{:.1f}"),
    ("machinery_us", "of it compiler and collector threads (µs)", "{:.1f}"),
    ("busy", "share of the core that was used", "{:.2f}"),
    ("requests_per_second", "requests per second", "{:,.0f}"),
    ("p50_us", "latency p50, saturated (µs)", "{:,.0f}"),
    ("p99_us", "latency p99, saturated (µs)", "{:,.0f}"),
    ("half_cpu_us", "CPU per request at half load (µs)", "{:.1f}"),
    ("half_p50_us", "latency p50 at half load (µs)", "{:,.0f}"),
    ("half_p99_us", "latency p99 at half load (µs)", "{:,.0f}"),
    ("half_unseen", "left out of it: the load generator was held up", "{:.1%}"),
    ("first_p50_us", "stream: time to first chunk p50 (µs)", "{:,.0f}"),
    ("first_p99_us", "stream: time to first chunk p99 (µs)", "{:,.0f}"),
    ("chunk_p50_us", "stream: delay of a chunk p50 (µs)", "{:,.0f}"),
    ("chunk_p99_us", "stream: delay of a chunk p99 (µs)", "{:,.0f}"),
    ("chunk_cpu_us", "stream: CPU per chunk (µs)", "{:.1f}"),
    ("peak_mib", "peak resident memory (MiB)", "{:,.0f}"),
    ("ready_ms", "start to ready (ms)", "{:,.0f}"),
    ("loaded_ready_ms", "start to ready, with rules of policy.yaml or with many keys (ms)", "{:,.0f}"),
    ("first_start_ms", "first start to ready (ms)", "{:,.0f}"),
]
ADDED = ["half_p50_us", "half_p99_us", "first_p50_us", "first_p99_us", "chunk_p50_us", "chunk_p99_us"]


def text(bench):
    """The report as Markdown."""
    return "\n".join([
        f"# {datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d %H:%M} UTC",
        "",
        machine(),
        "",
        conditions(bench),
        "",
        *table(bench),
        "",
        *verdicts(bench),
        "",
    ])


def machine():
    processor = "unknown processor"
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            processor = line.partition(":")[2].strip()
            break
    load = " ".join(f"{each:.1f}" for each in os.getloadavg())
    return f"{os.cpu_count()} × {processor}, Linux {platform.release()}, load average after the run {load}."


def conditions(bench):
    chosen = bench.options
    return (
        f"Medians of {chosen.rounds} alternating rounds of {chosen.seconds} s, and of what is compared within each; CPU per"
        f" request on a saturated core is judged by the lower quartiles, in the first row. Streams: {chosen.stream_rounds} rounds of"
        f" {chosen.streams:,} answers of 20 chunks 5 ms apart, 100 at a time. The proxy is pinned to one core, load generator"
        f" and upstream share the other. Half load is {bench.facts['half_rate']:,} requests/s for every target, from an"
        f" open-loop generator. Many keys: {chosen.keys:,}. "
        + disturbances(bench.yardstick)
        + ("Idle cores polled instead of halting at once." if bench.facts["awake"] else
           "Idle cores halted: on a virtual machine, what it costs to wake them is in these figures."))


def disturbances(yardstick):
    """How often somebody else's work was in the way."""
    repeated = f"{yardstick.repeated} measurements were made anew because a core was slower then. "
    return repeated + (f"{yardstick.disturbed} count although it was. " if yardstick.disturbed else "")


def table(bench):
    names = list(bench.targets)
    compared = "keygate" in names
    heads = names + (["keygate ÷ nginx"] if compared else [])
    yield "| | " + " | ".join(heads) + " |"
    yield "|---|" + "---:|" * len(heads)
    yield quiet(bench, names, compared)
    for measure, label, form in ROWS:
        values = [bench.median(name, measure) for name in names]
        if all(not value for value in values):
            continue
        cells = [form.format(value) if value else "" for value in values]
        if compared:
            ours, theirs = bench.median("keygate", measure), bench.median("nginx", measure)
            known = ours and theirs and all(bench.samples["nginx"][measure])
            cells.append(f"{bench.compared('keygate', 'nginx', measure, divided):.2f}" if known else "")
        yield f"| {label} | " + " | ".join(cells) + " |"
    yield from added(bench, names, compared)
    losses = [sum(bench.samples.get(name, {}).get("lost", [])) for name in names]
    answers = [sum(bench.samples.get(name, {}).get("answers", [])) for name in names]
    cells = [f"{lost} in {count:,} answers" if count else "" for lost, count in zip(losses, answers)]
    yield "| stream: chunks lost | " + " | ".join(cells + [""] * compared) + " |"


def quiet(bench, names, compared):
    known = [name for name in names if bench.median(name, "cpu_us")]
    cells = [f"{bench.quiet(name, 'cpu_us'):.1f}" if name in known else "" for name in names]
    if compared:
        cells.append(f"{bench.quiet('keygate', 'cpu_us') / bench.quiet('nginx', 'cpu_us'):.2f}")
    return "| CPU per request, one core saturated, lower quartile (µs) | " + " | ".join(cells) + " |"


def divided(ours, theirs):
    return ours / theirs


def subtracted(ours, theirs):
    return ours - theirs


def added(bench, names, compared):
    labels = {measure: label for measure, label, _ in ROWS}
    for measure in ADDED:
        base = bench.median("direct", measure)
        cells = []
        for name in names:
            known = base and bench.median(name, measure) and name != "direct"
            cells.append(f"{bench.compared(name, 'direct', measure, subtracted):+,.0f}" if known else "")
        yield f"| added to direct: {labels[measure]} | " + " | ".join(cells + [""] * compared) + " |"


def verdicts(bench):
    """Each target of the project with what was measured."""
    if "keygate" not in bench.targets:
        return
    many = "keygate, many keys"
    ratio = bench.quiet("keygate", "cpu_us") / bench.quiet("nginx", "cpu_us")
    median_ratio = bench.compared("keygate", "nginx", "cpu_us", divided)
    p99 = bench.compared("keygate", "direct", "half_p99_us", subtracted) / 1000
    quiet_p99 = (bench.quiet("keygate", "half_p99_us") - bench.quiet("direct", "half_p99_us")) / 1000
    nginx_p99 = bench.compared("nginx", "direct", "half_p99_us", subtracted) / 1000
    lost = sum(bench.samples["keygate"]["lost"])
    few_known, many_known = (bench.quiet(known, "cpu_us") / bench.quiet(known, "one_key_cpu_us")
                             for known in ("before many keys", "after many keys"))
    keys = many_known / few_known - 1
    memory = max(bench.median(each, "peak_mib") for each in ("keygate", many))
    ready = bench.median("keygate", "ready_ms") / 1000
    rules_ready = bench.median("keygate", "loaded_ready_ms") / 1000
    many_ready = bench.median(many, "loaded_ready_ms") / 1000
    rules, limits = (bench.quiet(target, "cpu_us") - bench.quiet("keygate", "cpu_us")
                     for target in ("keygate, rules", "keygate, limits"))
    yield from [
        verdict(ratio <= 2.2, f"CPU per request {ratio:.2f} times nginx's (target 2.2); by medians {median_ratio:.2f}"),
        verdict(rules < 8, f"CPU per request added by three rules of two expressions {rules:+.1f} µs (target 8)"),
        verdict(limits < 3, f"CPU per request added by a rate limit and a key's limits {limits:+.1f} µs (target 3)"),
        verdict(p99 < 1, f"added p99 at half load {p99:.2f} ms (target 1), by lower quartiles {quiet_p99:.2f}; nginx's"
                         f" {nginx_p99:.2f} ms"),
        verdict(lost == 0, f"chunks lost: {lost} (target 0)"),
        verdict(memory < 300, f"peak resident memory, of the larger one, {memory:.0f} MiB (target 300)"),
        verdict(ready < 1.5, f"start to ready {ready:.2f} s (target 1.5)"),
        verdict(rules_ready < 1.5, f"start to ready with rules {rules_ready:.2f} s (target 1.5)"),
        verdict(many_ready < 5, f"start to ready with many keys {many_ready:.2f} s (target 5)"),
        verdict(abs(keys) <= 0.05, f"CPU per request with many keys {keys:+.1%} (target within 5%)"),
    ]
    remembered = bench.facts["remembered"]
    for page, slowest in bench.facts["pages_ms"].items():
        yield verdict(slowest < 300, f"control API with many keys and {remembered:,} requests remembered: {page}"
                                     f" in {slowest:.0f} ms at most (target 300)")


def verdict(met, sentence):
    return f"- {'met' if met else '**missed**'}: {sentence}"


def write(directory, kind, content):
    directory.mkdir(parents=True, exist_ok=True)
    file = directory / f"{datetime.date.today():%Y-%m-%d}.{kind}"
    file.write_text(content)
    return file
