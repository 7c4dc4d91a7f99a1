"""The official Anthropic client."""

import anthropic

import harness
from harness import GATEWAY, SAID, TOKEN, case, raises

MODEL = "claude-sonnet-4-5"
HELLO = [{"role": "user", "content": "Hello there"}]
WEATHER = {
    "name": "get_weather",
    "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}


def client(key=TOKEN, retries=0):
    return anthropic.Anthropic(base_url=GATEWAY, api_key=key, max_retries=retries, timeout=20)


def message(model=MODEL, key=TOKEN, retries=0, messages=HELLO, **more):
    return client(key, retries).messages.create(model=model, max_tokens=100, messages=messages, **more)


@case("anthropic", "chat")
def _():
    answer = message()
    assert SAID in answer.content[0].text
    assert answer.usage.output_tokens > 0


@case("anthropic", "chat, streamed")
def _():
    with client().messages.stream(model=MODEL, max_tokens=100, messages=HELLO) as stream:
        assert SAID in "".join(stream.text_stream)
        assert stream.get_final_message().usage.output_tokens > 0


@case("anthropic", "chat, asynchronous")
async def _():
    async with anthropic.AsyncAnthropic(base_url=GATEWAY, api_key=TOKEN, max_retries=0) as asynchronous:
        answer = await asynchronous.messages.create(model=MODEL, max_tokens=100, messages=HELLO)
        assert SAID in answer.content[0].text


@case("anthropic", "tools")
def _():
    asked = message(tools=[WEATHER])
    call = next(block for block in asked.content if block.type == "tool_use")
    result = {"type": "tool_result", "tool_use_id": call.id, "content": "sunny"}
    told = [*HELLO, {"role": "assistant", "content": asked.content}, {"role": "user", "content": [result]}]
    assert "The tool said: sunny" in message(messages=told, tools=[WEATHER]).content[0].text


@case("anthropic", "token count")
def _():
    assert client().messages.count_tokens(model=MODEL, messages=HELLO).input_tokens > 0


@case("anthropic", "model list")
def _():
    assert any(model.id for model in client().models.list())


@case("anthropic", "401: revoked key")
def _():
    error = raises(anthropic.AuthenticationError, 401, lambda: message(key=harness.REVOKED))
    assert "ERR_NGROK_27007" in error.message


@case("anthropic", "403: another endpoint's key")
def _():
    error = raises(anthropic.PermissionDeniedError, 403, lambda: message(key=harness.ELSEWHERE))
    assert "ERR_NGROK_27008" in error.message


@case("anthropic", "429: tries again when told to")
def _():
    model = "claude-sonnet-4-5-sim-status-429-sim-retry-after-1s-anthropic-python"
    harness.retries_when_told(model, anthropic.RateLimitError, lambda: message(model, retries=1))


@case("anthropic", "413: body too large")
def _():
    huge = [{"role": "user", "content": harness.TOO_LARGE}]
    raises(anthropic.APIStatusError, 413, lambda: message(messages=huge))


@case("anthropic", "503: no provider answers")
def _():
    raises(anthropic.APIStatusError, 503, lambda: message("claude-sonnet-4-5-sim-status-500"))


@case("anthropic", "a cancelled stream stops the provider")
def _():
    model = "claude-sonnet-4-5-sim-chunks-100000-sim-slow-5ms-anthropic-python"
    stream = message(model, stream=True)
    next(iter(stream))
    stream.close()
    harness.wait_until_cancelled(model)
