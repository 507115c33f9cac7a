"""The parts of the Celery worker that are ours: the guard against poison, and progress as states."""

from __future__ import annotations

import sys
import time
import unittest
from types import SimpleNamespace
from typing import Any, Dict, List, Tuple
from unittest import mock

from lathe_worker import DeadlineExceeded
from lathe_worker.celery.progress import TaskProgress
from lathe_worker.model.progress import Silence, SilenceOver, Told
from tests.stand_ins import brokers


class TheGuard(unittest.TestCase):
    headers = {"task": "lathe.generate", "id": "a"}

    def setUp(self) -> None:
        modules = mock.patch.dict(sys.modules)
        modules.start()
        self.addCleanup(modules.stop)
        self.handled: List[Any] = []
        self.invalid = brokers.install_celery(lambda message, *_, **__: self.handled.append(message.payload))
        sys.modules.pop("lathe_worker.celery.guard", None)

    def receive(self, payload: Any, **headers: Any) -> None:
        from lathe_worker.celery.guard import strategy

        message = SimpleNamespace(payload=payload, headers={**self.headers, **headers})
        strategy(None, None, None)(message, None, None, None, [])

    def test_lets_tasks_through(self) -> None:
        bodies = [[[], {"job": {}}, {}], [[], {}, None], ([], {}, {"callbacks": None})]
        for body in bodies:
            self.receive(body, timelimit=[60, None])
        self.assertEqual(self.handled, bodies)

    def test_rejects_a_body_that_would_end_the_worker(self) -> None:
        bodies: List[Any] = [None, 5, "abc", [], [[], {}], {"job": {}}, [5, {}, {}], [[], [], {}], [[], {}, 5], [[], {}, {}, {}]]
        for body in bodies:
            with self.subTest(body), self.assertRaises(self.invalid):
                self.receive(body)

    def test_rejects_headers_that_would_end_the_worker(self) -> None:
        wrong: List[Any] = [{"timelimit": 5}, {"timelimit": [1]}, {"timelimit": ["a", None]}, {"id": None}, {"id": 5}]
        for headers in wrong:
            with self.subTest(headers), self.assertRaises(self.invalid):
                self.receive([[], {}, {}], **headers)

    def test_rejects_what_celery_itself_stumbles_over(self) -> None:
        for error in (KeyError("id"), TypeError("x"), ValueError("x"), AttributeError("x")):
            stumbling = mock.Mock(side_effect=error)
            self.invalid = brokers.install_celery(stumbling)
            sys.modules.pop("lathe_worker.celery.guard", None)
            with self.subTest(repr(error)), self.assertRaises(self.invalid):
                self.receive([[], {}, {}])


class TheProgressOfATask(unittest.TestCase):
    def setUp(self) -> None:
        self.stored: List[Tuple[str, Any]] = []
        backend = SimpleNamespace(
            store_result=lambda task_id, result, state, request: self.stored.append((state, result))
        )
        task = SimpleNamespace(backend=backend, request_stack=SimpleNamespace(top=SimpleNamespace(id="a")))
        self.progress = TaskProgress(task)

    def meta(self) -> List[Dict[str, Any]]:
        return [result for state, result in self.stored if state == "PROGRESS"]

    def test_is_stored_with_percent_and_stage(self) -> None:
        self.progress.hear(Told(10, "shape"))
        self.progress.hear(Told(20, "texture"))
        self.assertEqual(self.meta(), [{"percent": 10, "stage": "shape"}, {"percent": 20, "stage": "texture"}])

    def test_is_not_stored_with_every_step(self) -> None:
        for percent in range(50):
            self.progress.hear(Told(percent, "shape"))
        self.assertEqual(len(self.meta()), 1)

    def test_ends_the_process_when_a_silent_stage_takes_too_long(self) -> None:
        with mock.patch("lathe_worker.celery.progress.os.kill") as kill:
            self.progress.hear(Silence(60, "texture", 0.01))
            over_at = time.monotonic() + 5
            while not kill.called and time.monotonic() < over_at:
                time.sleep(0.005)
        kill.assert_called_once()
        state, error = self.stored[-1]
        self.assertEqual((state, type(error), error.retryable), ("FAILURE", DeadlineExceeded, True))

    def test_spares_the_process_when_the_stage_ends_in_time(self) -> None:
        for end in (SilenceOver(), Told(61, "texture")):
            with self.subTest(end), mock.patch("lathe_worker.celery.progress.os.kill") as kill:
                self.progress.hear(Silence(60, "texture", 20))
                timer = self.progress._deadline
                assert timer
                self.progress.hear(end)
                timer.join(5)
                self.assertFalse(timer.is_alive())
                kill.assert_not_called()
