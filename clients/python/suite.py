"""Runs every case against the gateway that the environment names; see ../README.md."""

import anthropic_cases  # noqa: F401
import langchain_cases  # noqa: F401
import ngrok_cases  # noqa: F401
import openai_cases  # noqa: F401
from harness import run

run()
