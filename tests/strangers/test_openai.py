"""OpenAI's own package talks to the simulator as it would to the service."""

import json

import openai
import pytest
from pydantic import BaseModel

HELLO = [{"role": "user", "content": "Say hello in Korean."}]


@pytest.fixture
def client(base_url, key):
    return openai.OpenAI(api_key=key, base_url=base_url, max_retries=0)


def test_chat(client):
    answer = client.chat.completions.create(model="HCX-005", messages=HELLO, max_tokens=256)
    assert answer.choices[0].message.content
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens


def test_raw_response_has_the_request_id(client):
    id = "stranger-1"
    headers = {"X-NCP-CLOVASTUDIO-REQUEST-ID": id}
    answer = client.chat.completions.with_raw_response.create(model="HCX-005", messages=HELLO, extra_headers=headers)
    assert answer.headers["x-ncp-clovastudio-request-id"] == id


def test_stream_says_the_same_as_the_whole_answer(client):
    whole = client.chat.completions.create(model="HCX-005", messages=HELLO)
    chunks = list(client.chat.completions.create(model="HCX-005", messages=HELLO, stream=True))
    pieces = [chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices]
    assert len(pieces) > 2
    assert "".join(pieces) == whole.choices[0].message.content


def test_thinking(client):
    question = [{"role": "user", "content": "Is 221 a prime number?"}]
    answer = client.chat.completions.create(
        model="HCX-007", messages=question, max_completion_tokens=2048, reasoning_effort="low"
    )
    assert answer.choices[0].message.reasoning_content
    assert answer.choices[0].message.content


def test_tools(client, weather_tool):
    messages = [{"role": "user", "content": "How warm is it in Busan?"}]
    asked = client.chat.completions.create(model="HCX-005", messages=messages, tools=[weather_tool], max_tokens=1024)
    assert asked.choices[0].finish_reason == "tool_calls"
    call = asked.choices[0].message.tool_calls[0]
    assert call.function.name == "get_weather"
    assert "location" in json.loads(call.function.arguments)

    turn = {"role": "assistant", "content": "", "tool_calls": [call.model_dump(exclude_none=True)]}
    result = {"role": "tool", "tool_call_id": call.id, "content": "17 degrees"}
    answer = client.chat.completions.create(model="HCX-005", messages=[*messages, turn, result], max_tokens=1024)
    assert "17" in answer.choices[0].message.content


def test_streamed_tool_calls_are_joined(client, weather_tool):
    messages = [{"role": "user", "content": "How warm is it in Busan?"}]
    with client.chat.completions.stream(
        model="HCX-005", messages=messages, tools=[weather_tool], max_tokens=1024
    ) as stream:
        answer = stream.get_final_completion()
    call = answer.choices[0].message.tool_calls[0]
    assert call.function.name == "get_weather"
    assert "location" in json.loads(call.function.arguments)


def test_structured_output(client):
    class Weather(BaseModel):
        high: float
        low: float

    # What pydantic writes has titles, which are no keyword that the service takes.
    properties = {name: {"type": "number"} for name in Weather.model_fields}
    schema = {"type": "object", "properties": properties, "required": list(properties)}
    answer = client.chat.completions.create(
        model="HCX-007",
        messages=[{"role": "user", "content": "High 32, low 15."}],
        reasoning_effort="none",
        response_format={"type": "json_schema", "json_schema": {"name": "weather", "schema": schema}},
    )
    weather = Weather.model_validate_json(answer.choices[0].message.content)
    assert (weather.high, weather.low) == (32, 15)


def test_embedding(client):
    answer = client.embeddings.create(model="bge-m3", input="Thank you.", encoding_format="float")
    vector = answer.data[0].embedding
    assert len(vector) == 1024
    assert sum(x * x for x in vector) == pytest.approx(1, abs=1e-3)


def test_models(client):
    assert {"HCX-005", "HCX-007"} <= {model.id for model in client.models.list()}


def test_a_bad_key(base_url):
    client = openai.OpenAI(api_key="sk-of-somebody-else", base_url=base_url, max_retries=0)
    with pytest.raises(openai.AuthenticationError) as failure:
        client.models.list()
    assert failure.value.status_code == 401
    assert failure.value.code.startswith("401")


def test_an_unsupported_member(client):
    with pytest.raises(openai.BadRequestError) as failure:
        client.chat.completions.create(model="HCX-005", messages=HELLO, presence_penalty=1)
    assert failure.value.code == "40002"


def test_a_rate_limit(client, fault):
    with pytest.raises(openai.RateLimitError) as failure:
        client.chat.completions.create(model="HCX-005", messages=HELLO, extra_headers=fault("42901"))
    assert failure.value.code == "42901"


def test_an_error_in_the_middle_of_a_stream(client, fault):
    stream = client.chat.completions.create(
        model="HCX-005", messages=HELLO, stream=True, extra_headers=fault("event-42901")
    )
    with pytest.raises(openai.APIError):
        list(stream)
