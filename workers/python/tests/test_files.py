"""Transfers: what is tried again, what counts as done, what is said when it fails."""

from __future__ import annotations

import hashlib
import io
import tempfile
import unittest
from http.client import BadStatusLine
from pathlib import Path
from typing import Any, List, Union
from unittest import mock

from lathe_worker import InputUnavailable
from lathe_worker.contract.messages import JobInput, JobOutput
from lathe_worker.jobs.files import TRIES, download, upload
from lathe_worker.model.errors import Internal

CONTENT = b"glTF"


class _Answer(io.BytesIO):
    def __init__(self, status: int, content: bytes = CONTENT) -> None:
        super().__init__(content)
        self.status = status


class _Trial(unittest.TestCase):
    def setUp(self) -> None:
        self.answers: List[Union[_Answer, Exception]] = []
        for name, stand_in in (("open_url", self.answer), ("time.sleep", lambda _: None)):
            patch = mock.patch(f"lathe_worker.jobs.files.{name}", stand_in)
            patch.start()
            self.addCleanup(patch.stop)

    def answer(self, *_: Any, **__: Any) -> _Answer:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


class ADownload(_Trial):
    def fetch(self) -> bytes:
        about = JobInput("front.png", "http://store/x", "image/png", len(CONTENT), hashlib.sha256(CONTENT).hexdigest())
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / "front.png"
            download(about, target, lambda: None)
            return target.read_bytes()

    def test_is_tried_again_until_the_right_bytes_have_come(self) -> None:
        stumbles: List[Union[_Answer, Exception]] = [_Answer(503), OSError("gone"), BadStatusLine("x"), _Answer(200, b"glTX")]
        for stumble in stumbles:
            with self.subTest(repr(stumble)):
                self.answers = [stumble, _Answer(200)]
                self.assertEqual(self.fetch(), CONTENT)

    def test_fails_after_its_tries_with_the_last_reason(self) -> None:
        self.answers = [_Answer(503), OSError(), TimeoutError(), _Answer(200)]
        with self.assertRaisesRegex(InputUnavailable, "front.png: TimeoutError"):
            self.fetch()
        self.assertEqual(len(self.answers), 4 - TRIES)

    def test_fails_at_once_with_any_other_answer(self) -> None:
        for status in (204, 206, 304, 403, 404, 412):
            with self.subTest(status):
                self.answers = [_Answer(status), _Answer(200)]
                with self.assertRaisesRegex(InputUnavailable, f"the store answered {status}"):
                    self.fetch()
                self.assertEqual(len(self.answers), 1)


class AnUpload(_Trial):
    def put(self) -> Any:
        return upload(JobOutput("raw.glb", "glb", "http://store/raw.glb", 10), CONTENT, lambda: None)["bytes"]

    def test_is_done_when_the_store_has_taken_it(self) -> None:
        for status in (200, 201, 204):
            with self.subTest(status):
                self.answers = [_Answer(status)]
                self.assertEqual(self.put(), len(CONTENT))

    def test_is_done_when_it_was_written_before_and_the_answer_was_lost(self) -> None:
        self.answers = [OSError("gone"), _Answer(412)]
        self.assertEqual(self.put(), len(CONTENT))

    def test_fails_at_once_when_the_store_refuses_it(self) -> None:
        for status in (304, 403, 412):
            with self.subTest(status):
                self.answers = [_Answer(status), _Answer(200)]
                with self.assertRaisesRegex(Internal, f"raw.glb: the store answered {status}"):
                    self.put()
                self.assertEqual(len(self.answers), 1)

    def test_fails_after_its_tries(self) -> None:
        self.answers = [_Answer(500) for _ in range(TRIES)]
        with self.assertRaisesRegex(Internal, "the store answered 500"):
            self.put()
        self.assertEqual(self.answers, [])
