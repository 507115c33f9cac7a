"""What comes in is checked, what goes out fits the published schemas."""

from __future__ import annotations

import json
import unittest
from typing import Any, Dict, List

from lathe_worker.contract.messages import Cancel, parse_control, parse_job
from lathe_worker.contract.reading import ContractViolation
from lathe_worker.selfcheck import events
from tests.schema import faults_of

TASK = "6f1d7a52-9d1f-4c0e-8b53-7c5f3c1d9a10"


def a_job(**about: Any) -> Dict[str, Any]:
    output = {"name": "raw.glb", "format": "glb", "url": "http://store/raw.glb", "max_bytes": 10}
    return {
        "v": 1,
        "task_id": TASK,
        "attempt": 1,
        "lease_token": "t" * 22,
        "operation": "text_to_3d",
        "params": {"seed": 5},
        "inputs": [],
        "outputs": [output],
        "deadline_at": "2099-01-01T00:00:00Z",
        "budget_ms": 1000,
        "heartbeat_ms": 1000,
        **about,
    }


class AJob(unittest.TestCase):
    def test_of_the_tests_fits_the_schema(self) -> None:
        self.assertEqual(faults_of(a_job(), "ml-job.v1"), [])

    def test_is_read(self) -> None:
        job = parse_job(json.dumps(a_job()).encode())
        self.assertEqual((job.key, job.params, job.outputs[0].required), ((TASK, 1), {"seed": 5}, True))

    def test_may_have_fields_that_are_not_known(self) -> None:
        self.assertEqual(parse_job(a_job(colour="blue")).task_id, TASK)

    def test_is_refused_in_another_version(self) -> None:
        for version in (2, 0, None, "1", True):
            with self.subTest(version), self.assertRaises(ContractViolation):
                parse_job(a_job(v=version))

    def test_is_refused_when_it_is_no_job(self) -> None:
        output = a_job()["outputs"][0]
        wrong: List[Dict[str, Any]] = [
            {"task_id": 5},
            {"attempt": 0},
            {"attempt": True},
            {"operation": "dance"},
            {"params": []},
            {"outputs": []},
            {"outputs": [{**output, "name": "../raw.glb"}]},
            {"outputs": [{**output, "name": "raw.glb\n"}]},
            {"inputs": [{"name": "front.png"}]},
            {"budget_ms": "1000"},
        ]
        for about in wrong:
            with self.subTest(about), self.assertRaises(ContractViolation):
                parse_job(a_job(**about))

    def test_is_refused_when_it_is_not_an_object(self) -> None:
        for body in (b"[]", b"5", b"{", b"\xff"):
            with self.subTest(body), self.assertRaises(ContractViolation):
                parse_job(body)


class AControl(unittest.TestCase):
    cancel = {"v": 1, "type": "cancel", "at": "2099-01-01T00:00:00Z", "task_id": TASK, "attempt": 2, "reason": "user"}

    def test_of_version_1_is_for_every_worker(self) -> None:
        self.assertEqual(parse_control(self.cancel), Cancel(TASK, 2, "user"))

    def test_of_version_2_is_for_one(self) -> None:
        control = {**self.cancel, "v": 2, "worker_id": "gpu-1"}
        self.assertEqual(faults_of(control, "ml-control.v2"), [])
        self.assertEqual(parse_control(control), Cancel(TASK, 2, "user", "gpu-1"))

    def test_to_drain_is_nothing_to_a_worker(self) -> None:
        self.assertIsNone(parse_control({"v": 1, "type": "drain", "at": "2099-01-01T00:00:00Z"}))

    def test_of_another_version_is_refused(self) -> None:
        with self.assertRaises(ContractViolation):
            parse_control({**self.cancel, "v": 3})


class EveryEvent(unittest.TestCase):
    def test_fits_the_published_schema(self) -> None:
        for event in events():
            with self.subTest(event["type"], code=event.get("error", {}).get("code")):
                self.assertEqual(faults_of(event, "ml-event.v1"), [])

    def test_has_an_id_and_a_number_of_its_own(self) -> None:
        made = list(events())
        self.assertEqual(len({event["event_id"] for event in made}), len(made))
        self.assertEqual([event["seq"] for event in made], list(range(len(made))))

    def test_that_does_not_fit_is_noticed(self) -> None:
        event = next(events())
        changes: List[Any] = [{"percent": 101}, {"seq": -1}, {"colour": 1}, {"worker_id": "a b"}, {"type": "failed"}]
        for wrong in changes:
            with self.subTest(wrong):
                self.assertNotEqual(faults_of({**event, **wrong}, "ml-event.v1"), [])
