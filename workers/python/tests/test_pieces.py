"""The small parts: failures, artifacts, parameters, progress, heartbeat."""

from __future__ import annotations

import math
import unittest
from typing import Any, Dict, List
from unittest import mock

from lathe_worker import Artifact, BadInput, Canceled, DeadlineExceeded, OutputRejected, Parameters, Progress, Unsupported
from lathe_worker.model.artifacts import matched
from lathe_worker.contract.messages import JobOutput
from lathe_worker.model.errors import MAX_DETAIL, failure_of, leaves_process_unusable
from lathe_worker.supervision.heartbeat import Heartbeat
from lathe_worker.model.parameters import flat
from lathe_worker.model.progress import Silence, SilenceOver, Told, Word


class OutOfMemoryError(RuntimeError):
    """As torch.cuda has it."""


class AFailure(unittest.TestCase):
    def raised(self, error: BaseException) -> Dict[str, Any]:
        try:
            raise error
        except BaseException as caught:
            return failure_of(caught)

    def test_is_a_lack_of_memory_by_its_class_or_its_words(self) -> None:
        wrapped = RuntimeError("sampling failed")
        wrapped.__cause__ = MemoryError()
        for error in (
            MemoryError(),
            OutOfMemoryError("x"),
            RuntimeError("CUDA out of memory. Tried to allocate 2 GiB"),
            RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling cublasCreate"),
            wrapped,
        ):
            with self.subTest(repr(error)):
                self.assertEqual(self.raised(error)["code"], "out_of_memory")
                self.assertTrue(leaves_process_unusable(error))

    def test_is_the_models_when_it_is_anything_else(self) -> None:
        for error in (ValueError("out of memory of the past"), RuntimeError("shape mismatch")):
            self.assertEqual(self.raised(error)["code"], "model_error")
            self.assertFalse(leaves_process_unusable(error))

    def test_is_the_end_of_the_budget_when_celery_says_so(self) -> None:
        soft_limit = type("SoftTimeLimitExceeded", (Exception,), {})()
        self.assertEqual(self.raised(soft_limit)["code"], "deadline_exceeded")

    def test_leaves_the_process_unusable_when_it_is_of_cuda(self) -> None:
        self.assertTrue(leaves_process_unusable(RuntimeError("CUDA error: device-side assert triggered")))

    def test_says_one_sentence_and_keeps_the_rest_for_the_log(self) -> None:
        failure = self.raised(BadInput("the picture\x00 is \ud800 black " + "x" * 9000))
        self.assertEqual(failure["message"], BadInput.sentence)
        self.assertLessEqual(len(failure["detail"]), MAX_DETAIL)
        self.assertNotIn("\x00", failure["detail"])
        failure["detail"].encode()


class AnArtifact(unittest.TestCase):
    def output(self, name: str, format: str, required: bool = True) -> JobOutput:
        return JobOutput(name, format, "http://store", 10, {}, required)

    def names(self, made: Any, *outputs: JobOutput) -> List[str]:
        return [output.name for output, _ in matched(made, outputs)]

    def test_is_the_first_output_of_its_format(self) -> None:
        raw, preview = self.output("raw.glb", "glb"), self.output("preview.png", "png", False)
        self.assertEqual(self.names(Artifact(b"x"), preview, raw), ["raw.glb"])

    def test_is_the_one_it_names(self) -> None:
        front, back = self.output("front.png", "png"), self.output("back.png", "png")
        made = [Artifact(b"x", "png"), Artifact(b"y", "png", name="front.png")]
        self.assertEqual(self.names(made, front, back), ["front.png", "back.png"])

    def test_is_left_out_when_nobody_asked_for_it(self) -> None:
        made = [Artifact(b"x"), Artifact(b"y", "mp4")]
        self.assertEqual(self.names(made, self.output("raw.glb", "glb")), ["raw.glb"])

    def test_must_be_there_when_it_is_required(self) -> None:
        with self.assertRaises(OutputRejected):
            matched([Artifact(b"x")], [self.output("raw.glb", "glb"), self.output("model.fbx", "fbx")])


class TheParameters(unittest.TestCase):
    def test_are_on_one_level(self) -> None:
        self.assertEqual(flat({"seed": 1, "model_params": {"style": "bowl"}}), {"seed": 1, "style": "bowl"})

    def test_are_refused_when_they_are_not_known(self) -> None:
        parameters = Parameters({"seed": 1, "wings": 2})
        parameters.whole("seed", 0)
        with self.assertRaisesRegex(Unsupported, "wings"):
            parameters.refuse_the_rest()

    def test_are_refused_out_of_range_or_of_another_kind(self) -> None:
        for value in (True, "5", 0, 11, 1.5, math.nan, [], {}):
            with self.subTest(repr(value)), self.assertRaises(BadInput):
                Parameters({"steps": value}).whole("steps", 5, 1, 10)

    def test_may_be_whole_in_another_notation(self) -> None:
        self.assertEqual(Parameters({"steps": 5.0}).whole("steps", 1), 5)

    def test_have_defaults_also_for_null(self) -> None:
        self.assertEqual(Parameters({"steps": None}).whole("steps", 7), 7)


class TheProgress(unittest.TestCase):
    def setUp(self) -> None:
        self.words: List[Word] = []

    def test_never_goes_back(self) -> None:
        progress = Progress(self.words.append)
        progress(50, "shape")
        progress(20, "texture")
        self.assertEqual(self.words, [Told(50, "shape"), Told(50, "texture")])

    def test_is_not_told_with_every_call_of_a_tight_loop(self) -> None:
        progress = Progress(self.words.append)
        for step in range(100_000):
            progress(step / 1000, "shape")
        self.assertTrue(90 <= len(self.words) <= 200, len(self.words))

    def test_ends_a_job_whose_budget_is_over(self) -> None:
        with self.assertRaises(DeadlineExceeded):
            Progress(self.words.append, budget_seconds=-1)(1)

    def test_ends_a_job_that_is_canceled_before_and_after_a_silent_stage(self) -> None:
        checks = iter([None, Canceled()])

        def check() -> None:
            error = next(checks)
            if error:
                raise error

        with self.assertRaises(Canceled):
            with Progress(self.words.append, check).stage("texture", 10, deadline_seconds=5):
                pass
        self.assertEqual(self.words, [Silence(10, "texture", 5), SilenceOver()])

    def test_is_told_at_once_after_a_silence_also_without_news(self) -> None:
        progress = Progress(self.words.append)
        progress(10, "shape")
        progress.silence("decode", 45, deadline_seconds=5)
        progress(45, "decode")
        progress(45, "decode")
        self.assertEqual(self.words, [Told(10, "shape"), Silence(45, "decode", 5), Told(45, "decode")])

    def test_is_told_at_once_within_a_silent_stage(self) -> None:
        progress = Progress(self.words.append)
        with progress.stage("texture", 10, deadline_seconds=5):
            progress.still_here()
        self.assertEqual(self.words, [Silence(10, "texture", 5), Told(10, "texture"), SilenceOver()])

    def test_ends_a_job_that_is_canceled_before_a_silence(self) -> None:
        def check() -> None:
            raise Canceled

        with self.assertRaises(Canceled):
            Progress(self.words.append, check).silence("texture", 10, deadline_seconds=5)
        self.assertEqual(self.words, [])

    def test_is_a_number(self) -> None:
        with self.assertRaises(ValueError):
            Progress(self.words.append)(math.nan)


class TheHeartbeat(unittest.TestCase):
    def setUp(self) -> None:
        self.now = 100.0
        clock = mock.patch("lathe_worker.supervision.heartbeat.time.monotonic", lambda: self.now)
        clock.start()
        self.addCleanup(clock.stop)
        self.heartbeat = Heartbeat(5000)

    def after(self, seconds: float) -> Any:
        self.now += seconds
        return self.heartbeat.due()

    def test_says_nothing_of_its_own(self) -> None:
        self.assertIsNone(self.after(60))

    def test_passes_a_new_stage_on_at_once_and_the_rest_now_and_then(self) -> None:
        self.heartbeat.heard(Told(1, "shape"))
        self.assertEqual(self.after(0), Told(1, "shape"))
        self.heartbeat.heard(Told(2, "shape"))
        self.assertIsNone(self.after(0.1))
        self.assertEqual(self.after(0.5), Told(2, "shape"))
        self.assertIsNone(self.after(60))

    def test_repeats_itself_through_a_silent_stage_until_its_deadline(self) -> None:
        self.heartbeat.heard(Silence(60, "texture", 12))
        self.assertEqual(self.after(0), Told(60, "texture"))
        self.assertIsNone(self.after(3))
        self.assertEqual(self.after(2), Told(60, "texture"))
        self.assertFalse(self.heartbeat.is_overdue)
        self.now += 8
        self.assertTrue(self.heartbeat.is_overdue)

    def test_falls_silent_when_the_stage_is_over(self) -> None:
        self.heartbeat.heard(Silence(60, "texture", 12))
        self.after(0)
        self.heartbeat.heard(SilenceOver())
        self.assertIsNone(self.after(60))
        self.assertFalse(self.heartbeat.is_overdue)

    def test_ends_a_silence_with_the_next_word(self) -> None:
        self.heartbeat.heard(Silence(60, "texture", 12))
        self.after(0)
        self.heartbeat.heard(Told(61, "texture"))
        self.assertEqual(self.after(1), Told(61, "texture"))
        self.assertIsNone(self.after(60))
        self.assertFalse(self.heartbeat.is_overdue)

    def test_gives_the_next_silence_a_deadline_of_its_own(self) -> None:
        self.heartbeat.heard(Silence(60, "texture", 12))
        self.now += 10
        self.heartbeat.heard(Silence(70, "export", 12))
        self.now += 10
        self.assertFalse(self.heartbeat.is_overdue)
        self.now += 3
        self.assertTrue(self.heartbeat.is_overdue)
