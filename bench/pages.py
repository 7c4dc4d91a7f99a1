"""How long the answers take that the dashboard's pages wait for, with many keys and many requests remembered."""

import json
import time

from processes import Failed, http

TRIES = 10
OVERVIEW = "usage/overview"
KEYS = "ai_gateway_api_keys?limit=50"
NO_SUCH_TEXT = "no key has this written on it"


def remembered(control, data):
    """How many requests the last hours' sums are of."""
    return _get(control, data, OVERVIEW)["totals"]["requests"]


def slowest(control, data):
    """The slowest of some tries for each page, in milliseconds, by what it shows."""
    last = _get(control, data, KEYS)["ai_gateway_api_keys"][-1]["id"]
    pages = {
        "overview": OVERVIEW,
        "list of keys": KEYS,
        "its next page": f"{KEYS}&before_id={last}",
        "search for keys": f"{KEYS}&search={NO_SUCH_TEXT.replace(' ', '%20')}",
        "list of requests": "requests?limit=50",
    }
    return {name: max(_milliseconds(control, data, path) for _ in range(TRIES)) for name, path in pages.items()}


def _milliseconds(control, data, path):
    start = time.monotonic()
    _get(control, data, path)
    return (time.monotonic() - start) * 1000


def _get(control, data, path):
    key = (data / "management-key").read_text().strip()
    status, answer = http(control, f"/{path}", [f"Authorization: Bearer {key}"])
    if status != 200:
        raise Failed(f"GET /{path} answered {status}: {answer[:300]!r}")
    return json.loads(answer)
