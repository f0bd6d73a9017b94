"""Requests as the vendor's pages write them, with curl."""

import json
import subprocess

import pytest

CHAT = {"messages": [{"role": "user", "content": "한국어로 인사해 주세요."}], "maxTokens": 256}


@pytest.fixture
def curl(host, key):
    def call(path, body=None, headers=()):
        command = ["curl", "--silent", "--show-error", "--max-time", "20", "--write-out", "\n%{http_code}", host + path]
        for header in [f"Authorization: Bearer {key}", "Content-Type: application/json", *headers]:
            command += ["--header", header]
        if body is not None:
            command += ["--data-binary", body if isinstance(body, str) else json.dumps(body)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        text, _, status = done.stdout.rpartition("\n")
        return int(status), text

    return call


def test_chat(curl):
    status, text = curl("/v3/chat-completions/HCX-005", CHAT)
    assert status == 200
    answer = json.loads(text)
    assert answer["status"]["code"] == "20000"
    assert answer["result"]["message"]["content"]


def test_chat_below_the_prefix_of_a_test_app(curl):
    assert curl("/testapp/v3/chat-completions/HCX-005", CHAT)[0] == 200


def test_stream(curl):
    status, text = curl("/v3/chat-completions/HCX-005", CHAT, ["Accept: text/event-stream"])
    assert status == 200
    events = [dict(line.split(":", 1) for line in event.splitlines()) for event in text.strip().split("\n\n")]
    names = [event["event"] for event in events]
    assert set(names[:-2]) == {"token"} and names[-2:] == ["result", "signal"]
    pieces = [json.loads(event["data"])["message"]["content"] for event in events[:-2]]
    assert "".join(pieces) == json.loads(events[-2]["data"])["message"]["content"]


def test_models(curl):
    status, text = curl("/v1/openai/models")
    assert status == 200 and json.loads(text)["data"]


@pytest.mark.parametrize(
    "path, body, code",
    [
        ("/v3/chat-completions/HCX-005", {"maxTokens": 1}, "40001"),
        ("/v3/chat-completions/HCX-005", "{", "40000"),
        ("/v3/chat-completions/HCX-003", CHAT, "40084"),
        ("/v3/nothing", CHAT, "40400"),
    ],
)
def test_refusals(curl, path, body, code):
    status, text = curl(path, body)
    assert json.loads(text)["status"]["code"] == code
    assert status == int(code[:3])


def test_a_rate_limit(curl, fault):
    headers = [f"{name}: {value}" for name, value in fault("42901").items()]
    status, text = curl("/v3/chat-completions/HCX-005", CHAT, headers)
    assert status == 429 and json.loads(text)["status"]["code"] == "42901"
