"""How a worker begins, renews its process and ends."""

from __future__ import annotations

import signal
import subprocess
import unittest
from pathlib import Path
from typing import Any, Dict

from tests.a_worker import start
from tests.fake_bridge import FakeBridge, eventually

#: What a worker gives a job that is to stop, unless told: SIGTERM comes after it.
CANCEL_GRACE_SECONDS = 10


class AWorker(unittest.TestCase):
    """What ends a worker, each with one of its own."""

    def setUp(self) -> None:
        self.bridge = FakeBridge()
        self.addCleanup(self.bridge.close)

    def worker(self, *options: str, **about: str) -> "subprocess.Popen[bytes]":
        worker = start(self.bridge, *options, **about)
        self.addCleanup(worker.wait, 10)
        self.addCleanup(worker.kill)
        return worker

    def metrics(self, do: str) -> Dict[str, Any]:
        job = self.bridge.job(params={"do": do})
        self.bridge.jobs.append(job)
        metrics: Dict[str, Any] = self.bridge.last_of(job)["metrics"]
        return metrics

    def test_gives_its_job_back_when_it_is_asked_to_end(self) -> None:
        worker = self.worker()
        job = self.bridge.job(params={"do": "steps"})
        self.bridge.jobs.append(job)
        self.bridge.wait_for(job, lambda event: event["type"] == "progress")
        worker.send_signal(signal.SIGTERM)
        error = self.bridge.last_of(job)["error"]
        self.assertEqual((error["code"], error["retryable"]), ("shutdown", True))
        self.assertEqual(worker.wait(10), 0)

    def test_ends_at_once_when_it_has_no_job(self) -> None:
        worker = self.worker()
        eventually(lambda: self.bridge.leases)
        worker.send_signal(signal.SIGTERM)
        self.assertEqual(worker.wait(5), 0)

    def test_ends_when_its_token_is_refused(self) -> None:
        self.assertEqual(self.worker(LATHE_TOKEN="wrong").wait(10), 2)

    def test_ends_when_the_model_cannot_be_loaded(self) -> None:
        self.assertEqual(self.worker(target="tests.models:CannotBeLoaded").wait(10), 1)

    def test_takes_no_job_before_the_model_is_there(self) -> None:
        self.worker(target="tests.models:CannotBeLoaded").wait(10)
        self.assertEqual(self.bridge.leases, [])

    def test_takes_a_fresh_process_after_as_many_jobs_as_it_was_told(self) -> None:
        self.worker("--max-jobs-per-process", "2")
        pids = [self.metrics("well")["pid"] for _ in range(3)]
        self.assertEqual((pids[0] == pids[1], pids[1] == pids[2]), (True, False))

    def test_takes_a_fresh_process_when_it_has_grown(self) -> None:
        self.worker("--max-growth-mib", "30")
        pids = [self.metrics(do)["pid"] for do in ("well", "grows", "well")]
        self.assertEqual((pids[0] == pids[1], pids[1] == pids[2]), (True, False))

    def refuse(self) -> None:
        """Hands over a job that is canceled before it is begun."""
        self.bridge.answers = lambda event: (200, {}, {"cancel": "user"}) if event["type"] == "accepted" else None
        job = self.bridge.job()
        self.bridge.jobs.append(job)
        self.assertEqual(self.bridge.last_of(job)["type"], "canceled")
        self.bridge.answers = lambda event: None

    def test_counts_no_job_that_was_never_begun(self) -> None:
        self.worker("--max-jobs-per-process", "2")
        first = self.metrics("well")["pid"]
        self.refuse()
        pids = [self.metrics("well")["pid"] for _ in range(2)]
        self.assertEqual((pids[0] == first, pids[1] == first), (True, False))

    def test_measures_growth_from_the_first_job_that_was_begun(self) -> None:
        self.worker("--max-growth-mib", "30")
        self.refuse()
        pids = [self.metrics(do)["pid"] for do in ("grows", "well", "grows", "well")]
        self.assertEqual([pid == pids[0] for pid in pids], [True, True, True, False])

    def test_keeps_its_process_when_a_canceled_job_stops_at_its_next_step(self) -> None:
        self.worker()
        before = self.metrics("well")["pid"]
        self.bridge.answers = lambda event: (200, {}, {"cancel": "user"}) if event["type"] == "progress" else None
        job = self.bridge.job(params={"do": "steps"})
        self.bridge.jobs.append(job)
        self.bridge.wait_for(job, lambda event: event["type"] == "progress")
        self.bridge.wait_for(job, lambda event: event["type"] == "canceled", CANCEL_GRACE_SECONDS)
        self.bridge.answers = lambda event: None
        self.assertEqual(self.metrics("well")["pid"], before)

    def test_leaves_no_process_behind_when_it_is_killed(self) -> None:
        worker = self.worker()
        pid = int(self.metrics("well")["pid"])
        worker.kill()
        worker.wait(10)
        eventually(lambda: not is_running(pid), 10)

    def test_takes_a_plain_function(self) -> None:
        self.worker(target="tests.models:generate")
        job = self.bridge.job()
        self.bridge.jobs.append(job)
        self.assertEqual(self.bridge.last_of(job)["type"], "succeeded")

    def test_reports_a_model_that_made_nothing(self) -> None:
        self.worker(target="tests.models:nothing")
        job = self.bridge.job()
        self.bridge.jobs.append(job)
        self.assertEqual(self.bridge.last_of(job)["error"]["code"], "output_rejected")


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"
