"""A whole worker over HTTP, against a bridge of the tests' own."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
import unittest
from pathlib import Path
from typing import Any, Dict, List

from tests.a_worker import start
from tests.fake_bridge import FakeBridge, eventually
from tests.models import GLB


class AWorkerOverHttp(unittest.TestCase):
    """One worker for all, warm between the tests."""

    bridge: FakeBridge
    worker: "subprocess.Popen[bytes]"

    @classmethod
    def setUpClass(cls) -> None:
        cls.bridge = FakeBridge()
        cls.worker = start(cls.bridge, "--cancel-grace-seconds", "0.3", "--kill-grace-seconds", "0.3")

    @classmethod
    def tearDownClass(cls) -> None:
        cls.worker.terminate()
        cls.worker.wait(10)
        cls.bridge.close()

    def setUp(self) -> None:
        self.bridge.answers = lambda event: None
        self.bridge.store_answers.clear()

    def tearDown(self) -> None:
        self.assertEqual(self.bridge.faults, [], "every event fits the published schema")

    def run_job(self, do: str, **about: Any) -> Dict[str, Any]:
        job = self.bridge.job(**{"params": {"do": do}, **about})
        self.bridge.jobs.append(job)
        self.bridge.last_of(job)
        return job

    def ends(self, do: str, **about: Any) -> Dict[str, Any]:
        return self.bridge.last_of(self.run_job(do, **about))

    def test_does_a_job_from_accepted_to_succeeded(self) -> None:
        job = self.run_job("well")
        events = self.bridge.of(job)
        self.assertEqual(events[0]["type"], "accepted")
        self.assertEqual([event["seq"] for event in events], list(range(len(events))))
        percents = [event["percent"] for event in events if event["type"] == "progress"]
        self.assertEqual(percents, sorted(percents))
        [artifact] = events[-1]["artifacts"]
        self.assertEqual((artifact["name"], artifact["format"], artifact["bytes"]), ("raw.glb", "glb", len(GLB)))
        self.assertEqual(artifact["meta"], {"model": "test"})
        path = f"/store/{job['task_id']}/raw.glb"
        self.assertEqual(self.bridge.files[path], GLB)
        self.assertEqual(self.bridge.stored[path]["content-type"], "model/gltf-binary")
        self.assertIn("generate_seconds", events[-1]["metrics"])

    def test_reads_its_inputs(self) -> None:
        picture = os.urandom(700_000)
        end = self.ends("reads_its_picture", inputs=[self.bridge.input("front.png", picture)])
        self.assertEqual(end["metrics"]["bytes"], len(picture))

    def test_refuses_an_input_that_is_not_what_was_announced(self) -> None:
        wrong = self.bridge.input("front.png", b"picture", sha256="0" * 64)
        error = self.ends("reads_its_picture", inputs=[wrong])["error"]
        self.assertEqual((error["code"], error["retryable"]), ("input_unavailable", True))

    def test_tries_again_when_the_store_stumbles(self) -> None:
        self.bridge.store_answers.extend([503, 500])
        end = self.ends("reads_its_picture", inputs=[self.bridge.input("front.png", b"picture")])
        self.assertEqual(end["type"], "succeeded")

    def test_refuses_to_write_more_than_is_allowed(self) -> None:
        job = self.bridge.job()
        job["outputs"][0]["max_bytes"] = 5
        self.bridge.jobs.append(job)
        self.assertEqual(self.bridge.last_of(job)["error"]["code"], "output_rejected")

    def test_gives_every_failure_its_code(self) -> None:
        for do, code, retryable in (
            ("refuses_input", "bad_input", False),
            ("cannot", "unsupported", False),
            ("breaks", "model_error", True),
            ("runs_out_of_gpu_memory", "out_of_memory", True),
            ("is_killed", "out_of_memory", True),
            ("crashes", "model_error", True),
        ):
            with self.subTest(do):
                error = self.ends(do)["error"]
                self.assertEqual((error["code"], error["retryable"]), (code, retryable))

    def test_tells_what_a_model_says_in_detail_alone(self) -> None:
        error = self.ends("breaks")["error"]
        self.assertNotIn("secret", error["message"])
        self.assertIn("secret of the model", error["detail"])

    def test_refuses_a_parameter_that_the_model_does_not_know(self) -> None:
        error = self.ends("", params={"do": "refuses_parameters", "wings": 2})["error"]
        self.assertEqual(error["code"], "unsupported")
        self.assertIn("wings", error["detail"])

    def test_keeps_its_secrets_from_the_model(self) -> None:
        self.assertEqual(self.ends("looks_for_secrets")["metrics"]["secrets"], 0)

    def test_keeps_the_model_between_jobs(self) -> None:
        first, second = self.ends("well")["metrics"], self.ends("well")["metrics"]
        self.assertEqual((first["pid"], first["jobs"] + 1), (second["pid"], second["jobs"]))
        self.assertEqual(second["released"], first["released"] + 1)

    def test_takes_a_fresh_process_when_memory_ran_out(self) -> None:
        before = self.ends("well")["metrics"]["pid"]
        self.ends("runs_out_of_gpu_memory")
        self.assertNotEqual(self.ends("well")["metrics"]["pid"], before)

    def cancels(self, do: str) -> float:
        """Cancels a job at its first progress. Returns how long it took to stop, in seconds."""
        asked: List[float] = []

        def answers(event: Dict[str, Any]) -> Any:
            if event["type"] != "progress":
                return None
            asked.append(time.monotonic())
            return (200, {}, {"cancel": "user"})

        self.bridge.answers = answers
        self.assertEqual(self.ends(do)["type"], "canceled")
        return time.monotonic() - asked[0]

    def test_stops_a_model_that_never_looks_up(self) -> None:
        self.assertLess(self.cancels("swallows_cancel"), 15)

    def test_stops_a_model_that_ignores_everything(self) -> None:
        self.assertLess(self.cancels("ignores_everything"), 20)

    def test_stops_at_once_and_says_no_more_when_the_attempt_is_not_its_own(self) -> None:
        job = self.bridge.job(params={"do": "steps"})
        first = job["task_id"]
        self.bridge.answers = (
            lambda event: (409, {}, {"code": "stale"})
            if event["task_id"] == first and event["type"] == "progress"
            else None
        )
        self.bridge.jobs.append(job)
        eventually(lambda: self.bridge.of(job))
        self.assertEqual(self.ends("well")["type"], "succeeded")
        self.assertEqual([event["type"] for event in self.bridge.of(job)], ["accepted"])

    def test_does_not_begin_what_is_canceled_already(self) -> None:
        self.bridge.answers = lambda event: (200, {}, {"cancel": "user"}) if event["type"] == "accepted" else None
        job = self.run_job("well")
        self.assertEqual([event["type"] for event in self.bridge.of(job)], ["accepted", "canceled"])

    def test_sends_an_event_until_it_is_answered(self) -> None:
        refusals = [(503, {"Retry-After": "0"}, None), (429, {"Retry-After": "0"}, None)]
        self.bridge.answers = lambda event: refusals.pop() if event["type"] == "succeeded" and refusals else None
        end = self.ends("well")
        self.assertEqual(self.bridge.attempts_to_send.count(end["event_id"]), 3)

    def test_keeps_its_lease_through_a_silent_stage(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        gate = Path(folder.name, "gate")
        job = self.bridge.job(params={"do": "is_silent_until_its_gate_opens", "gate": str(gate)})
        self.bridge.jobs.append(job)

        def texture() -> List[Dict[str, Any]]:
            return [event for event in self.bridge.of(job) if event.get("stage") == "texture"]

        eventually(lambda: len(texture()) >= 2)
        gate.touch()
        self.assertEqual(self.bridge.last_of(job)["type"], "succeeded")
        self.assertEqual({event["percent"] for event in texture()}, {60})

    def test_ends_a_silent_stage_at_its_deadline(self) -> None:
        error = self.ends("is_silent_for_too_long")["error"]
        self.assertEqual((error["code"], error["retryable"]), ("deadline_exceeded", True))

    def test_falls_silent_with_a_model_that_hangs(self) -> None:
        job = self.run_job("hangs")
        hanging = [event for event in self.bridge.of(job) if event.get("stage") == "shape"]
        self.assertEqual(len(hanging), 1)

    def test_stops_when_the_budget_is_over(self) -> None:
        error = self.ends("steps", budget_ms=300)["error"]
        self.assertEqual((error["code"], error["retryable"]), ("deadline_exceeded", False))

    def test_survives_a_lease_that_is_no_job(self) -> None:
        self.bridge.lease_answers.append((200, {}, {"v": 9}))
        self.assertEqual(self.ends("well")["type"], "succeeded")

    def test_waits_when_there_is_no_place_for_it(self) -> None:
        self.bridge.lease_answers.append((503, {"Retry-After": "0"}, None))
        self.assertEqual(self.ends("well")["type"], "succeeded")
