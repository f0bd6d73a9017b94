"""Where the simulator is. `.ci/strangers` starts it and runs these tests."""

import os

import pytest

KEY = "nv-stranger"


@pytest.fixture(scope="session")
def host() -> str:
    return os.environ["SIMULATOR_URL"]


@pytest.fixture(scope="session")
def base_url(host: str) -> str:
    return f"{host}/v1/openai"


@pytest.fixture(scope="session")
def key() -> str:
    return KEY


@pytest.fixture(scope="session")
def fault():
    """Headers with which a request asks for a fault by name."""
    return lambda name: {"x-simulator-fault": name}


@pytest.fixture(scope="session")
def weather_tool() -> dict:
    return {
        "type": "function",
        "function": {
            "name": "get_weather",
            "description": "Tells the weather of a city.",
            "parameters": {
                "type": "object",
                "properties": {"location": {"type": "string", "description": "Name of the city"}},
                "required": ["location"],
            },
        },
    }
