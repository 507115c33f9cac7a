"""Options, environment variables, and what is missing."""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
import unittest
from typing import Any
from unittest import mock

from lathe_worker.settings import read_settings


class TheSettings(unittest.TestCase):
    def read(self, *arguments: str, **environment: str) -> Any:
        with mock.patch.dict(os.environ, environment, clear=True):
            return read_settings(list(arguments))

    def refusal(self, *arguments: str, **environment: str) -> str:
        said = io.StringIO()
        with contextlib.redirect_stderr(said), self.assertRaises(SystemExit) as ended:
            self.read(*arguments, **environment)
        self.assertEqual(ended.exception.code, 2)
        return said.getvalue()

    def test_come_from_options_and_from_the_environment(self) -> None:
        settings = self.read(
            "module:Model", "--url", "http://bridge", LATHE_TOKEN="t", LATHE_MAX_JOBS_PER_PROCESS="5"
        )
        self.assertEqual(
            (settings.target, settings.url, settings.max_jobs_per_process), ("module:Model", "http://bridge", 5)
        )

    def test_may_come_from_the_environment_alone(self) -> None:
        settings = self.read(
            LATHE_TARGET="module:Model", LATHE_TRANSPORT="amqp", LATHE_URL="amqp://broker", LATHE_POOL="gpu"
        )
        self.assertEqual((settings.transport, settings.pool), ("amqp", "gpu"))

    def test_prefer_an_option(self) -> None:
        settings = self.read("a:B", "--url", "redis://one", "--transport", "celery", LATHE_URL="redis://two")
        self.assertEqual(settings.url, "redis://one")

    def test_are_refused_with_a_sentence_when_one_is_missing(self) -> None:
        self.assertIn("target is missing", self.refusal("--url", "http://bridge", LATHE_TOKEN="t"))
        self.assertIn("url is missing", self.refusal("a:B", LATHE_TOKEN="t"))
        self.assertIn("LATHE_TOKEN is missing", self.refusal("a:B", "--url", "http://bridge"))
        self.assertIn("pool is missing", self.refusal("a:B", "--url", "amqp://broker", "--transport", "amqp"))
        self.assertIn("transport", self.refusal("a:B", "--url", "x", LATHE_TRANSPORT="pigeon"))
        self.assertIn(
            "LATHE_TOKEN_FILE", self.refusal("a:B", "--url", "http://bridge", LATHE_TOKEN_FILE="/nowhere")
        )

    def test_are_refused_with_a_sentence_when_a_variable_is_no_number(self) -> None:
        for variable in ("LATHE_MAX_JOBS_PER_PROCESS", "LATHE_KILL_GRACE_SECONDS"):
            option = "--" + variable[len("LATHE_") :].lower().replace("_", "-")
            said = self.refusal("a:B", "--url", "http://bridge", LATHE_TOKEN="t", **{variable: "abc"})
            self.assertIn(option, said)

    def test_take_an_empty_variable_for_none(self) -> None:
        settings = self.read(
            "a:B", "--url", "http://bridge", LATHE_TOKEN="t", LATHE_MAX_JOBS_PER_PROCESS="", LATHE_KILL_GRACE_SECONDS=""
        )
        self.assertEqual((settings.max_jobs_per_process, settings.kill_grace_seconds), (None, 5.0))

    def test_read_a_token_from_a_file(self) -> None:
        with tempfile.NamedTemporaryFile("w") as file:
            file.write("secret\n")
            file.flush()
            settings = self.read("a:B", "--url", "http://bridge", LATHE_TOKEN_FILE=file.name)
        self.assertEqual(settings.token, "secret")
