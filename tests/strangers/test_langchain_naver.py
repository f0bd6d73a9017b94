"""NAVER's own package talks to the simulator as it would to the service."""

import openai
import pytest
from langchain_core.messages import HumanMessage, ToolMessage
from langchain_naver import ChatClovaX, ClovaXEmbeddings
from pydantic import BaseModel, Field


@pytest.fixture
def model(base_url, key):
    def make(name="HCX-005", **settings):
        return ChatClovaX(model=name, api_key=key, base_url=base_url, max_retries=0, **settings)

    return make


def test_chat(model):
    answer = model().invoke("Say hello in Korean.")
    assert answer.content
    assert answer.usage_metadata["total_tokens"] > 0
    assert answer.response_metadata["finish_reason"] == "stop"


def test_stream_says_the_same_as_the_whole_answer(model):
    pieces = [chunk.content for chunk in model().stream("Say hello in Korean.")]
    assert len(pieces) > 2
    assert "".join(pieces) == model().invoke("Say hello in Korean.").content


def test_thinking(model):
    answer = model("HCX-007", thinking={"effort": "low"}, max_completion_tokens=2048).invoke("Is 221 a prime number?")
    assert answer.additional_kwargs["thinking_content"]
    assert answer.content


def test_tools(model):
    class GetWeather(BaseModel):
        """Tells the weather of a city."""

        location: str = Field(description="Name of the city")

    bound = model(max_completion_tokens=1024).bind_tools([GetWeather])
    question = HumanMessage("How warm is it in Busan?")
    asked = bound.invoke([question])
    (call,) = asked.tool_calls
    assert call["name"] == "GetWeather" and "location" in call["args"]

    answer = bound.invoke([question, asked, ToolMessage("17 degrees", tool_call_id=call["id"])])
    assert "17" in answer.content


def test_embeddings(base_url, key):
    embeddings = ClovaXEmbeddings(model="clir-emb-dolphin", api_key=key, base_url=base_url, max_retries=0)
    first, second = embeddings.embed_documents(["오늘 날씨가 어때?", "Thank you."])
    assert len(first) == len(second) == 1024
    assert embeddings.embed_query("오늘 날씨가 어때?") == first


def test_a_bad_key(base_url):
    with pytest.raises(openai.AuthenticationError):
        ChatClovaX(model="HCX-005", api_key="wrong", base_url=base_url, max_retries=0).invoke("Hi")


def test_a_rate_limit(model, fault):
    with pytest.raises(openai.RateLimitError):
        model(default_headers=fault("42901")).invoke("Hi")
