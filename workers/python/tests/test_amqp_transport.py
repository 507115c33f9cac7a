"""What the AMQP transport does with messages, on a link that is not there."""

from __future__ import annotations

import json
import sys
import time
import unittest
from types import SimpleNamespace
from typing import Any, Dict, List, Optional, Tuple
from unittest import mock

from lathe_worker.transports.transport import Delivery, Unreachable
from tests.stand_ins import brokers
from tests.test_contract import a_job

OTHER = "0b0e6f4e-27a8-4f6e-9d7c-3d1f0e1b7c55"


class _Link:
    """An AmqpLink whose broker has `queue` to deliver."""

    def __init__(self, queue: List[Tuple[Any, Dict[str, Any]]], on_job: Any, on_control: Any) -> None:
        self.channel = object()
        self.is_open = True
        self.is_lost = False
        self.fails_to_publish = False
        self.said: List[Tuple[Any, ...]] = []
        self.on_control = on_control
        self._queue = queue
        self._on_job = on_job

    def pump(self, seconds: float) -> None:
        self._fail_when_lost()
        if self._queue:
            body, headers = self._queue.pop(0)
            message = body if isinstance(body, bytes) else json.dumps(body).encode()
            method = SimpleNamespace(delivery_tag=len(self.said) + 1)
            self._on_job(self.channel, method, SimpleNamespace(headers=headers), message)

    def publish(self, event: Dict[str, Any]) -> None:
        self._fail_when_lost()
        if self.fails_to_publish:
            raise OSError("reset by peer")
        self.said.append(("event", event["type"]))

    def acknowledge(self, tag: int) -> None:
        self.said.append(("ack",))

    def reject(self, tag: int, requeue: bool) -> None:
        self.said.append(("reject", requeue))

    def close(self) -> None:
        self.is_open = False

    def _fail_when_lost(self) -> None:
        if self.is_lost:
            raise OSError("reset by peer")


class TheAmqpTransport(unittest.TestCase):
    def setUp(self) -> None:
        modules = mock.patch.dict(sys.modules)
        modules.start()
        self.addCleanup(modules.stop)
        brokers.install_pika()
        for name in ("lathe_worker.transports.amqp_link", "lathe_worker.transports.amqp"):
            sys.modules.pop(name, None)
        from lathe_worker.transports import amqp as amqp_transport

        self.queue: List[Tuple[Any, Dict[str, Any]]] = []
        self.links: List[_Link] = []

        def connect(url: str, pool: str, on_job: Any, on_control: Any) -> _Link:
            self.links.append(_Link(self.queue, on_job, on_control))
            return self.links[-1]

        for name, value in (("AmqpLink", connect), ("WAIT_SECONDS", 0.05), ("backoff", lambda *_: 0.0)):
            patch = mock.patch.object(amqp_transport, name, value)
            patch.start()
            self.addCleanup(patch.stop)
        self.transport: Any = amqp_transport.AmqpTransport("amqp://broker", "gpu", "gpu-1:1:ab")

    @property
    def said(self) -> List[Tuple[Any, ...]]:
        return [word for link in self.links for word in link.said]

    def take(self, job: Any = None, **headers: Any) -> Optional[Delivery]:
        self.queue.append((a_job() if job is None else job, headers))
        delivery: Optional[Delivery] = self.transport.next_job()
        return delivery

    def taken(self, **about: Any) -> Delivery:
        delivery = self.take(a_job(**about))
        assert delivery
        return delivery

    def event(self, kind: str, **about: Any) -> Dict[str, Any]:
        return {"type": kind, "task_id": a_job()["task_id"], "attempt": 1, **about}

    def cancel(self, **about: Any) -> None:
        at = "2099-01-01T00:00:00Z"
        control = {"v": 1, "type": "cancel", "at": at, "task_id": a_job()["task_id"], "attempt": 1, "reason": "user", **about}
        self.links[-1].on_control(None, None, None, json.dumps(control).encode())

    def test_acknowledges_a_job_when_it_is_told_to(self) -> None:
        delivery = self.taken()
        self.assertEqual(self.said, [])
        delivery.taken()
        self.assertEqual(self.said, [("ack",)])

    def test_leaves_alone_a_job_whose_lease_is_over(self) -> None:
        self.assertIsNone(self.take(**{"x-deadline": time.time() * 1000 - 5000}))
        self.assertEqual(self.said, [("ack",)])

    def test_takes_a_job_that_is_late_by_no_more_than_clocks_differ(self) -> None:
        self.assertIsNotNone(self.take(**{"x-deadline": time.time() * 1000 - 500}))

    def test_parks_what_is_no_job(self) -> None:
        self.assertIsNone(self.take({"v": 9}))
        self.assertEqual(self.said, [("reject", False)])

    def test_gives_back_a_job_that_comes_while_another_runs(self) -> None:
        job = self.taken().job
        self.queue.append((a_job(task_id=OTHER), {"x-delivery-count": 3}))
        self.transport.stop_reason(job)
        self.assertEqual(self.said, [("reject", True)])

    def test_keeps_one_that_has_come_back_a_few_times(self) -> None:
        job = self.taken().job
        self.queue.append((a_job(task_id=OTHER), {"x-delivery-count": 4}))
        self.transport.stop_reason(job)
        self.assertEqual(self.said, [])
        delivery = self.transport.next_job()
        self.assertEqual(delivery.job.task_id, OTHER)

    def test_does_not_begin_again_the_job_that_it_has(self) -> None:
        job = self.taken().job
        self.queue.append((a_job(), {}))
        self.transport.stop_reason(job)
        self.assertEqual(self.said, [("ack",)])

    def test_stops_for_a_cancel_of_its_own(self) -> None:
        job = self.taken().job
        self.cancel(attempt=2)
        self.cancel(v=2, worker_id="gpu-2")
        self.assertIsNone(self.transport.stop_reason(job))
        self.cancel(v=2, worker_id="gpu-1:1:ab", reason="stale")
        self.assertEqual(self.transport.stop_reason(job), "stale")

    def test_remembers_a_cancel_that_comes_before_its_job(self) -> None:
        self.transport.next_job()
        self.cancel()
        self.taken()
        self.assertEqual(self.transport.deliver(self.event("accepted"), lambda: False), "user")

    def test_survives_a_control_that_it_cannot_read(self) -> None:
        job = self.taken().job
        self.cancel(v=7)
        self.assertIsNone(self.transport.stop_reason(job))

    def test_does_not_begin_when_accepted_is_not_confirmed(self) -> None:
        delivery = self.taken()
        self.links[0].is_lost = True
        with self.assertRaises(Unreachable):
            self.transport.deliver(self.event("accepted"), lambda: False)
        delivery.given_back()
        self.assertEqual(self.said, [])

    def test_sends_the_end_again_on_a_new_connection(self) -> None:
        self.taken()
        self.links[0].is_lost = True
        self.transport.deliver(self.event("succeeded"), lambda: False)
        self.assertEqual((len(self.links), self.said), (2, [("event", "succeeded")]))

    def test_tells_the_latest_progress_alone(self) -> None:
        job = self.taken().job
        for percent in (1, 2):
            self.transport.tell(lambda percent=percent: self.event("progress", percent=percent))
        for _ in range(2):
            self.transport.stop_reason(job)
        self.assertEqual(self.said, [("event", "progress")])

    def test_sends_progress_again_when_it_was_not_confirmed(self) -> None:
        job = self.taken().job
        made = mock.Mock(return_value=self.event("progress"))
        self.transport.tell(made)
        self.links[0].fails_to_publish = True
        self.transport.stop_reason(job)
        self.transport.stop_reason(job)
        self.assertEqual((made.call_count, self.said), (1, [("event", "progress")]))
