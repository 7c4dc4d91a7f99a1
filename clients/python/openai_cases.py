"""The official OpenAI client."""

import openai
from pydantic import BaseModel

import harness
from harness import GATEWAY, SAID, TOKEN, case, raises

HELLO = [{"role": "user", "content": "Hello there"}]
WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


class Weather(BaseModel):
    city: str
    days: int


def client(key=TOKEN, retries=0):
    return openai.OpenAI(base_url=GATEWAY + "/v1", api_key=key, max_retries=retries, timeout=20)


def chat(model="gpt-4o", key=TOKEN, retries=0, **more):
    return client(key, retries).chat.completions.create(model=model, messages=HELLO, **more)


@case("openai", "chat")
def _():
    answer = chat()
    assert SAID in answer.choices[0].message.content
    assert answer.usage.total_tokens > 0


@case("openai", "chat, streamed")
def _():
    chunks = list(chat(stream=True, stream_options={"include_usage": True}))
    text = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    assert SAID in text
    assert chunks[-1].usage.total_tokens > 0


@case("openai", "chat, asynchronous")
async def _():
    async with openai.AsyncOpenAI(base_url=GATEWAY + "/v1", api_key=TOKEN, max_retries=0) as asynchronous:
        stream = await asynchronous.chat.completions.create(model="gpt-4o", messages=HELLO, stream=True)
        assert SAID in "".join([c.choices[0].delta.content or "" async for c in stream])


@case("openai", "tools")
def _():
    message = chat(tools=[WEATHER]).choices[0].message
    call = message.tool_calls[0]
    assert call.function.name == "get_weather"
    told = [*HELLO, message, {"role": "tool", "tool_call_id": call.id, "content": "sunny"}]
    answer = client().chat.completions.create(model="gpt-4o", messages=told, tools=[WEATHER])
    assert "The tool said: sunny" in answer.choices[0].message.content


@case("openai", "structured output")
def _():
    answer = client().chat.completions.parse(model="gpt-4o", messages=HELLO, response_format=Weather)
    assert answer.choices[0].message.parsed.city


@case("openai", "embeddings")
def _():
    answer = client().embeddings.create(model="text-embedding-3-small", input=["one", "two"], dimensions=8)
    assert [len(one.embedding) for one in answer.data] == [8, 8]


@case("openai", "responses")
def _():
    assert SAID in client().responses.create(model="gpt-4o", input="Hello there").output_text


@case("openai", "responses, streamed")
def _():
    events = list(client().responses.create(model="gpt-4o", input="Hello there", stream=True))
    assert events[-1].type == "response.completed"
    assert SAID in events[-1].response.output_text


@case("openai", "model list")
def _():
    assert any(model.id for model in client().models.list())


@case("openai", "401: revoked key")
def _():
    error = raises(openai.AuthenticationError, 401, lambda: chat(key=harness.REVOKED))
    assert error.code == "ERR_NGROK_27007"


@case("openai", "403: another endpoint's key")
def _():
    error = raises(openai.PermissionDeniedError, 403, lambda: chat(key=harness.ELSEWHERE))
    assert error.code == "ERR_NGROK_27008"


@case("openai", "429: tries again when told to")
def _():
    model = "gpt-4o-sim-status-429-sim-retry-after-1s-openai-python"
    harness.retries_when_told(model, openai.RateLimitError, lambda: chat(model, retries=1))


@case("openai", "413: body too large")
def _():
    huge = [{"role": "user", "content": harness.TOO_LARGE}]
    raises(openai.APIStatusError, 413, lambda: client().chat.completions.create(model="gpt-4o", messages=huge))


@case("openai", "503: no provider answers")
def _():
    raises(openai.InternalServerError, 503, lambda: chat("gpt-4o-sim-status-500"))


@case("openai", "a cancelled stream stops the provider")
def _():
    model = "gpt-4o-sim-chunks-100000-sim-slow-5ms-openai-python"
    stream = chat(model, stream=True)
    next(iter(stream))
    stream.close()
    harness.wait_until_cancelled(model)
