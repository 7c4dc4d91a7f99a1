"""What every suite here shares: where the gateway is, cases, and one line of result for each."""

import asyncio
import inspect
import json
import os
import time
import traceback
import urllib.request
from importlib.metadata import version

GATEWAY = os.environ["SUITE_GATEWAY"]
TOKEN = os.environ["SUITE_TOKEN"]
REVOKED = os.environ["SUITE_REVOKED_TOKEN"]
ELSEWHERE = os.environ["SUITE_OTHER_ENDPOINT_TOKEN"]
PROVIDER = os.environ["SUITE_PROVIDER"]
TOO_LARGE = "x" * (2 << 20)
SAID = "This is the simulated provider"

_cases = []


def case(package, what):
    """Registers a function as the proof that `package` can do `what`."""

    def register(function):
        _cases.append((package, what, function))
        return function

    return register


def run():
    for package, what, function in _cases:
        try:
            made = function()
            if inspect.iscoroutine(made):
                asyncio.run(made)
            result = "ok"
        except Exception as failure:  # every way of failing is a result
            traceback.print_exc()
            result = f"failed: {type(failure).__name__}: {str(failure)[:300]}".replace("\n", " ").replace("\t", " ")
        print("RESULT", f"{package} (Python)", version(package), what, result, sep="\t", flush=True)


def received(model):
    """The requests for this model that reached the provider."""
    with urllib.request.urlopen(PROVIDER + "/_sim/requests") as answer:
        return [one for one in json.load(answer) if f'"{model}"' in one["body"]]


def wait_until_cancelled(model):
    """Returns when the provider saw the request for this model given up."""
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        if any(one["cancelled"] for one in received(model)):
            return
        time.sleep(0.05)
    raise AssertionError(f"the provider still answers {model}")


def raises(kind, status, call):
    """The error of exactly this kind and status that `call` raises."""
    try:
        call()
    except kind as error:
        assert error.status_code == status, f"status {error.status_code}, expected {status}"
        return error
    raise AssertionError(f"no {kind.__name__}")


def retries_when_told(model, kind, call):
    """`call` tries twice, and as late as the answer to the first try said."""
    begin = time.monotonic()
    raises(kind, 429, call)
    took = time.monotonic() - begin
    tries = len(received(model))
    assert tries == 2, f"{tries} tries"
    assert took >= 1, f"after {took:.2f} s, told to wait 1 s"
