"""LangChain's chat models and embeddings over both APIs."""

import anthropic
import openai
from langchain_anthropic import ChatAnthropic
from langchain_openai import ChatOpenAI, OpenAIEmbeddings
from pydantic import BaseModel

import harness
from harness import GATEWAY, SAID, TOKEN, case, raises


class Weather(BaseModel):
    """The weather somewhere."""

    city: str


def over_openai(key=TOKEN):
    return ChatOpenAI(base_url=GATEWAY + "/v1", api_key=key, model="gpt-4o", max_retries=0, timeout=20)


def over_anthropic(key=TOKEN):
    return ChatAnthropic(base_url=GATEWAY, api_key=key, model="claude-sonnet-4-5", max_retries=0, timeout=20)


PACKAGES = [("langchain-openai", over_openai, openai), ("langchain-anthropic", over_anthropic, anthropic)]


def chat_cases(package, model, vendor):
    @case(package, "chat")
    def _():
        assert SAID in model().invoke("Hello there").text

    @case(package, "chat, streamed")
    def _():
        assert SAID in "".join(chunk.text for chunk in model().stream("Hello there"))

    @case(package, "chat, asynchronous")
    async def _():
        assert SAID in (await model().ainvoke("Hello there")).text

    @case(package, "tools")
    def _():
        assert model().bind_tools([Weather]).invoke("Weather?").tool_calls[0]["args"]["city"]

    @case(package, "structured output")
    def _():
        method = "json_schema" if vendor is openai else "function_calling"
        assert model().with_structured_output(Weather, method=method).invoke("Weather?").city

    @case(package, "401: revoked key")
    def _():
        raises(vendor.AuthenticationError, 401, lambda: model(harness.REVOKED).invoke("Hello there"))


for each in PACKAGES:
    chat_cases(*each)


@case("langchain-openai", "embeddings")
def _():
    embeddings = OpenAIEmbeddings(
        base_url=GATEWAY + "/v1", api_key=TOKEN, model="text-embedding-3-small", dimensions=8,
        check_embedding_ctx_length=False)
    assert [len(one) for one in embeddings.embed_documents(["one", "two"])] == [8, 8]
