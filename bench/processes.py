"""The processes of a run: started on given cores, watched, and stopped whatever happens."""

import contextlib
import json
import os
import pathlib
import signal
import socket
import subprocess
import time

HERE = pathlib.Path(__file__).resolve().parent
TICK = os.sysconf("SC_CLK_TCK")


IDLE_DRIVER = pathlib.Path("/sys/devices/system/cpu/cpuidle/current_driver")
HALT_POLL = pathlib.Path("/sys/module/haltpoll/parameters/guest_halt_poll_ns")


class Failed(Exception):
    """A run that cannot go on, with a sentence for the person who started it."""


@contextlib.contextmanager
def awake_cores():
    """Keeps idle virtual cores polling for 0.2 ms before they halt; yields whether that was possible.

    Waking a halted virtual core is a trip to the hypervisor of 10 to 30 µs, which the kernel books on whoever
    sends to it: the slower proxy, whose load generator idles more, would be charged for its peer's sleep. Only one
    kernel driver polls; where there is none, the setting is there and says nothing.
    """
    before = None
    with contextlib.suppress(OSError):
        if IDLE_DRIVER.read_text().strip() == "haltpoll":
            usual = HALT_POLL.read_text()
            HALT_POLL.write_text("200000")
            before = usual
    try:
        yield before is not None
    finally:
        if before is not None:
            HALT_POLL.write_text(before)


def free_ports(count):
    """Ports of 127.0.0.1 that nothing listens on, held until all are chosen so that they differ."""
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def http(port, path, headers=(), body=b"", timeout=5, host="127.0.0.1"):
    """Status and body of one request; status 0 when nothing answers. No library: it is polled."""
    method = "POST" if body else "GET"
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", "Connection: close", *headers]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    try:
        with socket.create_connection(("127.0.0.1", port), timeout) as connection:
            connection.sendall("\r\n".join(lines + ["", ""]).encode() + body)
            answer = b""
            while part := connection.recv(65536):
                answer += part
    except OSError:
        return 0, b""
    head, _, rest = answer.partition(b"\r\n\r\n")
    return (int(head.split()[1]) if head.startswith(b"HTTP/1.1 ") else 0), rest


class Process:
    """One server of the run with the cores it may use."""

    def __init__(self, name, command, cores, log, environment=None):
        self.name = name
        self.log = pathlib.Path(log)
        self.started = time.monotonic()
        pinned = ["taskset", "-c", cores, *command] if cores else command
        with self.log.open("ab") as out:
            self.child = subprocess.Popen(
                pinned, stdout=out, stderr=out, stdin=subprocess.DEVNULL, env=environment)

    def wait_until(self, answers, seconds):
        """Polls until `answers()` is true; returns the milliseconds since the process was started."""
        while time.monotonic() - self.started < seconds:
            if answers():
                return (time.monotonic() - self.started) * 1000
            if self.child.poll() is not None:
                break
            time.sleep(0.002)
        tail = self.log.read_text(errors="replace")[-2000:]
        raise Failed(f"{self.name} did not get ready within {seconds} s:\n{tail}")

    def cpu_seconds(self):
        """User and system time of the process and its children (nginx works in a child)."""
        pid = self.child.pid
        children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return sum(_ticks(each) for each in [pid, *children]) / TICK

    def machinery_seconds(self, threads=("C1 ", "C2 ", "VM ", "GC ")):
        """Of that, what a JVM's compiler and collector threads used, by the beginnings of their names."""
        total = 0
        for task in pathlib.Path(f"/proc/{self.child.pid}/task").iterdir():
            try:
                name = (task / "comm").read_text()
                if name.startswith(threads):
                    total += _ticks(f"{self.child.pid}/task/{task.name}")
            except FileNotFoundError:
                continue  # The JVM ends idle compiler threads at any time.
        return total / TICK

    def peak_memory_mib(self):
        for line in pathlib.Path(f"/proc/{self.child.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
        return 0.0

    def stop(self):
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
            try:
                self.child.wait(40)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()


def _ticks(pid):
    # The fields after the command's name, which may hold spaces; utime and stime are 14 and 15.
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def start_nginx(name, servers, values, directory, cores, port):
    """An nginx with one of the server files of this directory, its @NAMES@ filled in."""
    directory.mkdir()
    text = (HERE / "nginx.conf").read_text().replace("@SERVERS@", (HERE / servers).read_text())
    for key, value in {**values, "DIR": directory}.items():
        text = text.replace(f"@{key}@", str(value))
    configuration = directory / "nginx.conf"
    configuration.write_text(text)
    nginx = Process(
        name, ["nginx", "-c", str(configuration), "-e", str(directory / "error.log")], cores,
        directory / "out.log")
    nginx.wait_until(lambda: http(port, "/")[0] != 0, 10)
    return nginx


def start_keygate(launcher, data, ports, cores):
    """A Keygate on this data directory. `ports` has listen, control, upstream, stream_upstream.

    Returns the process and how many milliseconds it took to be ready.
    """
    urls = (f"openai=http://127.0.0.1:{ports['upstream']}/v1,"
            f"groq=http://127.0.0.1:{ports['stream_upstream']}/v1")
    command = [str(launcher), "serve", "--data-dir", str(data),
               "--listen", f"127.0.0.1:{ports['listen']}",
               "--control-listen", f"127.0.0.1:{ports['control']}",
               "--provider-urls", urls]
    environment = {**os.environ, "OPENAI_API_KEY": "bench-upstream-key",
                   "GROQ_API_KEY": "bench-upstream-key"}
    keygate = Process(f"Keygate ({data.name})", command, cores, f"{data}.log", environment)
    try:
        ready = keygate.wait_until(lambda: http(ports["control"], "/readyz")[0] == 200, 60)
    except Failed:
        keygate.stop()
        raise
    return keygate, ready


def create(control, data, resource, fields):
    """Creates an object as an operator does, and returns it."""
    key = (data / "management-key").read_text().strip()
    headers = [f"Authorization: Bearer {key}", "Content-Type: application/json"]
    status, answer = http(control, f"/{resource}", headers, json.dumps(fields).encode())
    if status != 201:
        raise Failed(f"creating one of {resource} answered {status}: {answer!r}")
    return json.loads(answer)
