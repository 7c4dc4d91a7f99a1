"""Measures Keygate against nginx on loopback. Started by bench/run, which checks what it needs."""

import argparse
import contextlib
import json
import os
import pathlib
import statistics
import subprocess
import tempfile
import time
import typing

import pages
import report
from processes import HERE, Failed, Process, awake_cores, create, free_ports, http, \
    start_keygate, start_nginx
from yardstick import Yardstick

PROXY_CORE, LOAD_CORE = "0", "1"
BOTH_CORES = [PROXY_CORE, LOAD_CORE]
CHUNKS, CHUNK_INTERVAL_MICROS, STREAMS_AT_A_TIME = 20, 5000, 100
STREAMS_A_SECOND = STREAMS_AT_A_TIME * 1_000_000 // (CHUNKS * CHUNK_INTERVAL_MICROS)
CONNECTIONS = 64
TOKENS_IN_USE = 1000
WARM_WINDOWS = 12
# The compiler's share of the core at which a target is warm: it holds the core for up to 4 ms at a time, so that at
# half load one hundredth of the core is one hundredth of the requests late, which is what is measured there.
WARM, WARM_AT_HALF_LOAD = 0.01, 0.002
# Seconds of load before what counts: while the others had their turn, a machine that reclaims idle memory took some.
SETTLING = 1
COMPILER = ("C1 ", "C2 ")
RULES = "keygate, rules"
LIMITS = "keygate, limits"
MANY = "keygate, many keys"
# Of one process, by whether it knows of many keys yet.
FEW_KNOWN, MANY_KNOWN = "before many keys", "after many keys"


class Target(typing.NamedTuple):
    """What is loaded: a server's process (of others: none), where it listens, who asks, and for which endpoint."""

    process: Process | None
    port: int
    tokens: pathlib.Path
    host: str = "127.0.0.1"


class Bench:
    """One run: what is started, and what was measured, by target and measure."""

    def __init__(self, options, stack):
        self.options = options
        self.stack = stack
        self.yardstick = Yardstick(BOTH_CORES, options.patience)
        self.dir = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        names = ["upstream", "stream_upstream", "proxy", "stream_proxy",
                 "listen", "control", "many_listen", "many_control"]
        self.ports = dict(zip(names, free_ports(len(names))))
        self.samples = {}
        self.facts = {}
        self.targets = {}

    def note(self, target, **measures):
        for measure, value in measures.items():
            self.samples.setdefault(target, {}).setdefault(measure, []).append(value)

    def compared(self, target, other, measure, how):
        """The median of what compares two targets in each round: what disturbs a round disturbs both."""
        pairs = zip(self.samples[target][measure], self.samples[other][measure])
        return statistics.median(how(ours, theirs) for ours, theirs in pairs)

    def median(self, target, measure):
        values = self.samples.get(target, {}).get(measure)
        return statistics.median(values) if values else None

    def quiet(self, target, measure):
        """The lower quartile: others on the machine only ever add to what a request takes, for seconds at a time, and
        to what a JVM takes more than to what nginx does. While they are busy, half of the rounds are theirs."""
        values = self.samples[target][measure]
        return statistics.quantiles(values, n=4, method="inclusive")[0] if len(values) > 1 else values[0]

    # Starting

    def prepare(self):
        java = pathlib.Path(os.environ["JAVA_HOME"]) / "bin"
        self.java = [str(java / "java"), "-XX:+UseSerialGC", "-Xms256m"]
        # Only the quick compiler, and before anything is sent: it holds up the core that generator and provider share,
        # the other one for milliseconds, in every run anew, and that would be in the latencies of every target.
        self.generator = [*self.java, "-XX:TieredStopAtLevel=1", "-Xcomp"]
        self.classes = self.dir / "classes"
        sources = [str(HERE / each) for each in ("Wire.java", "Rate.java", "Answer.java", "Streams.java")]
        classpath = []
        if self.options.keygate:
            home = self.options.keygate.resolve().parent.parent
            self.jars = f"{home}/lib/*"
            sources.append(str(HERE / "Keys.java"))
            classpath = ["-cp", self.jars]
        run([str(java / "javac"), *classpath, "-d", str(self.classes), *sources])
        (self.dir / "no-token").write_text("bench-upstream-key\n")

    def start_upstreams(self):
        upstream = {"UPSTREAM": self.ports["upstream"], "ANSWER": (HERE / "answer.json").read_text()}
        nginx = start_nginx("nginx (upstream)", "upstream.conf", upstream, self.dir / "upstream",
                            LOAD_CORE, self.ports["upstream"])
        self.stack.callback(nginx.stop)
        proxy = {key.upper(): value for key, value in self.ports.items()}
        nginx = start_nginx("nginx (proxy)", "proxy.conf", proxy, self.dir / "proxy", PROXY_CORE,
                            self.ports["proxy"])
        self.stack.callback(nginx.stop)
        self.targets["direct"] = Target(None, self.ports["upstream"], self.dir / "no-token")
        self.targets["nginx"] = Target(nginx, self.ports["proxy"], self.dir / "no-token")

    def start_gateway(self, name, listen, control):
        """A Keygate with one key, on a core of its own."""
        ports = {**self.ports, "listen": self.ports[listen], "control": self.ports[control]}
        data, tokens = self.dir / name, self.dir / f"{name}-tokens"
        self.note(name, first_start_ms=self.started(data, ports))
        self.measure_starts(name, "ready_ms", data, ports)
        self.add_keys(data, 1, tokens)
        keygate, _ = start_keygate(self.options.keygate, data, ports, PROXY_CORE)
        self.stack.callback(keygate.stop)
        self.targets[name] = Target(keygate, ports["listen"], tokens)
        self.check(name)
        return data, ports

    def add_keys(self, data, keys, tokens):
        """Puts keys into its database, and some of their tokens into a file."""
        run([*self.java, "-cp", f"{self.classes}:{self.jars}", "Keys", str(data / "keygate.db"),
             str(keys), str(tokens), str(min(keys, TOKENS_IN_USE))])

    def measure_loaded_starts(self, name, data, ports):
        """Stops a Keygate, and starts it with all that it has come to know."""
        self.note(name, peak_mib=self.targets[name].process.peak_memory_mib())
        self.targets[name].process.stop()
        self.measure_starts(name, "loaded_ready_ms", data, ports)

    def measure_starts(self, name, measure, data, ports):
        for _ in range(min(5, self.options.rounds)):
            say(f"starting {name}")
            ready = self.yardstick.undisturbed(BOTH_CORES, lambda: self.started(data, ports))
            self.note(name, **{measure: ready})

    def started(self, data, ports):
        """The milliseconds of a start until ready."""
        keygate, ready = start_keygate(self.options.keygate, data, ports, None)
        keygate.stop()
        return ready

    def add_endpoint(self, name, control, data, policy, limits):
        """Another endpoint of the first Keygate: what it adds is then not how another process came to be compiled."""
        host = f"{name.rpartition(' ')[2]}.example.com"
        endpoint = create(control, data, "endpoints", {"url": f"http://{host}", "traffic_policy": policy})
        key = create(control, data, "ai_gateway_api_keys", {"endpoint_id": endpoint["id"], **limits})
        tokens = self.dir / f"{host}-tokens"
        tokens.write_text(key["token"] + "\n")
        self.targets[name] = self.targets["keygate"]._replace(tokens=tokens, host=host)
        self.check(name)

    def check(self, name):
        """What is measured must be the real thing: the key is checked, the answer is the provider's."""
        _, port, tokens, host = self.targets[name]
        body = (HERE / "body.json").read_bytes()
        kind = "Content-Type: application/json"
        status, _ = http(port, "/v1/chat/completions", [kind], body, host=host)
        if status != 401:
            raise Failed(f"{name} answered {status} to a request without a key, expected 401")
        bearer = f"Authorization: Bearer {first_line(tokens)}"
        status, answer = http(port, "/v1/chat/completions", [kind, bearer], body, host=host)
        if status != 200 or (HERE / "answer.json").read_bytes() not in answer:
            raise Failed(f"{name} answered {status} to a request with a key: {answer[:300]!r}")

    # Measuring

    def saturate(self, name, seconds):
        """As many requests as one core of proxy serves: wrk with 64 connections."""
        process, port, tokens, host = self.targets[name]
        environment = {**os.environ, "BENCH_BODY": str(HERE / "body.json"), "BENCH_TOKENS": str(tokens),
                       "BENCH_HOST": host}
        before = process.cpu_seconds() if process else 0
        machinery = process.machinery_seconds() if process else 0
        out = run(["taskset", "-c", LOAD_CORE, "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s",
                   "-s", str(HERE / "load.lua"), f"http://127.0.0.1:{port}"], environment, seconds + 30)
        cpu = process.cpu_seconds() - before if process else 0
        machinery = process.machinery_seconds() - machinery if process else 0
        result = json.loads(out.partition("RESULT ")[2])
        if result["failed"] or not result["requests"]:
            raise Failed(f"{name}: {result['failed']} of {result['requests']} requests failed")
        return {"requests_per_second": result["requests"] / result["seconds"],
                "p50_us": result["p50_us"], "p99_us": result["p99_us"],
                "cpu_us": cpu * 1e6 / result["requests"],
                "machinery_us": machinery * 1e6 / result["requests"], "busy": cpu / result["seconds"]}

    def at_rate(self, name, rate, seconds):
        """A fixed rate from an open-loop generator, each latency counted from when it was due; what was due while the
        generator itself was held up is left out and counted."""
        process, port, tokens, _ = self.targets[name]
        before = process.cpu_seconds() if process else 0
        result = json.loads(self.load(
            "Rate", port, "/v1/chat/completions", f"Bearer {first_line(tokens)}", HERE / "body.json",
            rate, seconds, 32, timeout=seconds * 2 + 30))
        cpu = process.cpu_seconds() - before if process else 0
        if result["refused"] or result["broken"]:
            raise Failed(f"{name} at {rate} requests/s: {result}")
        # The generator sends a warm-up of one second at most before what it reports.
        sent = rate * seconds + min(rate, rate * seconds // 4)
        return {"half_p50_us": result["p50_us"], "half_p99_us": result["p99_us"],
                "half_cpu_us": cpu * 1e6 / sent, "half_unseen": result["unseen"] / result["answered"]}

    def stream(self, name, answers):
        """Streamed answers, 100 at a time, every chunk checked."""
        process, port, tokens, _ = self.targets[name]
        port = {"direct": self.ports["stream_upstream"], "nginx": self.ports["stream_proxy"]}.get(name, port)
        before = process.cpu_seconds() if process else 0
        result = json.loads(self.load(
            "Streams", self.ports["stream_upstream"], port, "/v1/chat/completions",
            f"Bearer {first_line(tokens)}", HERE / "stream-body.json", answers, STREAMS_AT_A_TIME,
            CHUNKS, CHUNK_INTERVAL_MICROS, timeout=answers / 10 + 90))
        cpu = process.cpu_seconds() - before if process else 0
        return {**result, "chunk_cpu_us": cpu * 1e6 / max(1, result["chunks"])}

    def load(self, program, *arguments, timeout):
        return run(["taskset", "-c", LOAD_CORE, *self.generator, "-cp", str(self.classes), program,
                    *map(str, arguments)], timeout=timeout)

    def settled(self, cores, load, *target):
        """What a load measures while these cores are quiet, after a moment of it that does not count."""
        def measure():
            load(*target, SETTLING)
            return load(*target, self.options.seconds)
        return self.yardstick.undisturbed(cores, measure)

    # The whole run

    def measure(self):
        say("starting")
        self.prepare()
        self.start_upstreams()
        if self.options.keygate:
            data, ports = self.start_gateway("keygate", "listen", "control")
            self.add_endpoint(RULES, ports["control"], data, (HERE / "policy.yaml").read_text(), {})
            self.add_endpoint(LIMITS, ports["control"], data, (HERE / "limits.yaml").read_text(),
                              json.loads((HERE / "limits.json").read_text()))
            many_data, many_ports = self.start_gateway(MANY, "many_listen", "many_control")
        for name in self.targets:
            say(f"warming up {name}")
            self.warm(name, self.saturate)
        self.measure_saturated()
        self.measure_half_load()
        self.measure_streams()
        if self.options.keygate:
            self.measure_many_keys(many_data)
            self.measure_pages(many_data, many_ports["control"])
            self.measure_loaded_starts(MANY, many_data, many_ports)
            self.measure_loaded_starts("keygate", data, ports)
        self.note("nginx", peak_mib=self.targets["nginx"].process.peak_memory_mib())

    def alternating(self, names, rounds=None):
        """Each round takes the targets in the other order, so that drift falls on all alike."""
        for number in range(rounds or self.options.rounds):
            yield number + 1, names if number % 2 == 0 else names[::-1]

    def warm(self, name, load, enough=WARM):
        """Loads a target until its just-in-time compiler has next to nothing left to do: a fixed time does not mean
        warm where the compiler has to share a core, and CPU per request stands still while it waits for one."""
        if "keygate" not in name:
            load(name, 2)
            return
        process = self.targets[name].process
        seconds = max(1, self.options.warmup // 2)
        share = 1.0
        for _ in range(WARM_WINDOWS):
            before = process.machinery_seconds(COMPILER)
            load(name, seconds)
            share = (process.machinery_seconds(COMPILER) - before) / seconds
            if share < enough:
                return
        say(f"{name} was still compiling when its warm-up ended ({share:.1%} of the core)")

    def measure_saturated(self):
        for number, names in self.alternating([name for name in self.targets if name != MANY]):
            say(f"saturated, round {number}")
            for name in names:
                self.note(name, **self.settled([PROXY_CORE], self.saturate, name))

    def measure_half_load(self):
        main = "keygate" if self.options.keygate else "nginx"
        rate = int(self.median(main, "requests_per_second") / 2)
        self.facts["half_rate"] = rate
        say(f"{rate} requests/s, warming up")
        # Once more: an event loop that has one thing to do at a time takes other ways through the same code.
        self.warm(main, lambda name, seconds: self.at_rate(name, rate, seconds), WARM_AT_HALF_LOAD)
        for number, names in self.alternating(["direct", "nginx"] + ["keygate"] * (main == "keygate")):
            say(f"{rate} requests/s, round {number}")
            for name in names:
                self.note(name, **self.settled(BOTH_CORES, self.at_rate, name, rate))

    def measure_streams(self):
        names = ["direct", "nginx"] + ["keygate"] * bool(self.options.keygate)
        for name in names:
            say(f"streamed answers, warming up {name}")
            self.warm(name, lambda each, seconds: self.stream(each, seconds * STREAMS_A_SECOND), WARM_AT_HALF_LOAD)
        for number in range(self.options.stream_rounds):
            say(f"{self.options.streams} streamed answers, round {number + 1}")
            for name in names:
                result = self.stream(name, self.options.streams)
                self.note(name, **result)

    def measure_many_keys(self, data):
        """CPU per request, in that of a process that knows one key throughout, of another before and after it learns
        of many: a slower hour slows both by the same factor, and nginx by another. Two processes alone would differ by
        how each of them came to be compiled: by more than what is asked for here."""
        for known in (FEW_KNOWN, MANY_KNOWN):
            if known == MANY_KNOWN:
                say(f"adding {self.options.keys} keys")
                tokens = self.dir / "many-tokens"
                self.add_keys(data, self.options.keys, tokens)
                self.targets[MANY] = self.targets[MANY]._replace(tokens=tokens)
                self.wait_for_keys(MANY)
            self.warm(MANY, self.saturate)
            for number, names in self.alternating(["keygate", MANY], 2 * self.options.rounds):
                say(f"{known}, round {number}")
                cpu = {}
                for name in names:
                    cpu[name] = self.settled([PROXY_CORE], self.saturate, name)["cpu_us"]
                self.note(known, cpu_us=cpu[MANY], one_key_cpu_us=cpu["keygate"])

    def wait_for_keys(self, name):
        """Until the last key that was added is known."""
        _, port, tokens, host = self.targets[name]
        bearer = f"Authorization: Bearer {tokens.read_text().splitlines()[-1]}"
        give_up = time.monotonic() + 60
        while http(port, "/v1/models", [bearer], host=host)[0] != 200:
            if time.monotonic() > give_up:
                raise Failed(f"{name} did not learn of all keys within a minute")
            time.sleep(0.1)

    def measure_pages(self, data, control):
        """What the control API answers to the dashboard once so many requests are remembered."""
        while (requests := pages.remembered(control, data)) < self.options.requests:
            say(f"{requests:,} of {self.options.requests:,} requests remembered")
            self.saturate(MANY, 10)
        self.facts["remembered"] = requests
        self.facts["pages_ms"] = pages.slowest(control, data)


def first_line(path):
    return path.read_text().splitlines()[0]


def say(text):
    print(f"  {text}", flush=True)


def run(command, environment=None, timeout=300):
    done = subprocess.run(command, env=environment, timeout=timeout, text=True, capture_output=True)
    if done.returncode != 0:
        raise Failed(f"{command[0]} failed: {done.stdout[-1000:]}{done.stderr[-2000:]}")
    return done.stdout


def options():
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--keygate", type=pathlib.Path)
    parser.add_argument("--nginx-only", action="store_true")
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--seconds", type=int, default=1)
    parser.add_argument("--warmup", type=int, default=20)
    parser.add_argument("--streams", type=int, default=10_000)
    parser.add_argument("--stream-rounds", type=int, default=3)
    parser.add_argument("--keys", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--patience", type=int, default=2)
    parser.add_argument("--results", type=pathlib.Path, default=HERE / "results")
    parsed = parser.parse_args()
    if parsed.nginx_only:
        parsed.keygate = None
    return parsed


def main():
    chosen = options()
    with contextlib.ExitStack() as stack:
        bench = Bench(chosen, stack)
        bench.facts["awake"] = stack.enter_context(awake_cores())
        try:
            bench.measure()
        except (Failed, subprocess.TimeoutExpired) as problem:
            raise SystemExit(f"bench: {problem}") from None
        # Before anything is made of it: it took a quarter of an hour.
        report.write(chosen.results, "json", json.dumps({"facts": bench.facts, "samples": bench.samples}))
        text = report.text(bench)
    print(text)
    print(f"Written to {report.write(chosen.results, 'md', text)}, every round's figures beside it")


if __name__ == "__main__":
    main()
