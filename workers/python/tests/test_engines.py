"""Every engine, against a stand-in of its pipeline: parameters arrive or are refused, progress only grows, a cancel stops the next step."""

from __future__ import annotations

import sys
import tempfile
import unittest
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional
from unittest import mock

from lathe_worker import BadInput, Canceled, Job, Parameters, Progress, Unsupported
from lathe_worker.contract.messages import JobOutput
from lathe_worker.model.progress import Silence, SilenceOver, Word
from tests.stand_ins import Calls, basics, hunyuan, load_engine, stability, trellis2

SAMPLER = {"steps": 7, "guidance_strength": 3.25, "guidance_rescale": 0.25, "rescale_t": 2.5}


@dataclass(frozen=True)
class Engine:
    """An engine with all its parameters, none with its default, and where the pipeline sees them under another name or value."""

    name: str
    install: Callable[[Calls], None]
    params: Dict[str, Any]
    seen_as: Dict[str, Dict[str, Any]] = field(default_factory=dict)
    #: How many steps the pipeline reports by itself; 0 where there is none to stop between.
    steps: int = 0


ENGINES = [
    Engine(
        "hunyuan3d_2",
        hunyuan.install_2,
        {
            "seed": 7,
            "num_inference_steps": 9,
            "guidance_scale": 3.5,
            "octree_resolution": 320,
            "num_chunks": 12_000,
            "face_count": 22_000,
            "texture": True,
            "remove_background": True,
        },
        {"face_count": {"max_facenum": 22_000}},
        steps=9,
    ),
    Engine(
        "hunyuan3d_2_1",
        hunyuan.install_2_1,
        {
            "seed": 7,
            "num_inference_steps": 9,
            "guidance_scale": 3.5,
            "octree_resolution": 320,
            "num_chunks": 12_000,
            "face_count": 22_000,
            "texture": True,
            "remove_background": True,
        },
        {"face_count": {"max_facenum": 22_000, "use_remesh": False}},
        steps=9,
    ),
    Engine(
        "trellis2",
        trellis2.install,
        {
            "seed": 7,
            "resolution": 1536,
            "remove_background": False,
            "max_num_tokens": 30_000,
            "decimation_target": 200_000,
            "texture_size": 1024,
            "remesh": False,
            **{f"{name}_{key}": value for name in ("sparse_structure", "shape_slat", "tex_slat") for key, value in SAMPLER.items()},
        },
        {"resolution": {"pipeline_type": "1536_cascade", "grid_size": 1536}},
        steps=28,
    ),
    Engine(
        "triposr",
        stability.install_triposr,
        {"remove_background": True, "foreground_ratio": 0.7, "mc_resolution": 200, "threshold": 20, "chunk_size": 4096},
    ),
    Engine(
        "stable_fast_3d",
        stability.install_stable_fast_3d,
        {
            "remove_background": True,
            "foreground_ratio": 0.7,
            "texture_resolution": 2048,
            "remesh": "quad",
            "vertex_count": 5000,
        },
    ),
]


class _Trial(unittest.TestCase):
    def setUp(self) -> None:
        modules = mock.patch.dict(sys.modules)
        modules.start()
        self.addCleanup(modules.stop)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.words: List[Word] = []

    def worker(self, engine: Engine, calls: Optional[Calls] = None) -> "tuple[Any, Calls]":
        calls = Calls() if calls is None else calls
        basics.install(calls)
        engine.install(calls)
        return load_engine(engine.name).Worker(), calls

    def job(self, params: Dict[str, Any], prompt: Optional[str] = None, *sides: str) -> Job:
        files = {f"{side}.png": self.folder / f"{side}.png" for side in sides or ("front",)}
        outputs = (JobOutput("raw.glb", "glb", "http://store/raw.glb", 1_000),)
        return Job("id", 1, "image_to_3d", None, prompt, None, params, files, outputs, self.folder)

    def progress(self, check: Callable[[], None] = lambda: None) -> Progress:
        self.words = []
        return Progress(self.words.append, check)


class EveryEngine(_Trial):
    def test_gets_every_parameter_to_its_pipeline(self) -> None:
        for engine in ENGINES:
            worker, calls = self.worker(engine)
            worker.generate(self.job(engine.params), self.progress())
            seen = calls.merged()
            for name, value in engine.params.items():
                for seen_name, seen_value in engine.seen_as.get(name, {name: value}).items():
                    with self.subTest(engine.name, parameter=name):
                        self.assertEqual(seen.get(seen_name), seen_value)

    def test_reads_no_parameter_that_is_not_tried_here(self) -> None:
        for engine in ENGINES:
            worker, _ = self.worker(engine)
            read: List[str] = []
            take = Parameters._take
            with mock.patch.object(
                Parameters, "_take", lambda self, name, default: (read.append(name), take(self, name, default))[1]  # type: ignore[func-returns-value]
            ):
                worker.generate(self.job(engine.params), self.progress())
            with self.subTest(engine.name):
                self.assertEqual(sorted(read), sorted(engine.params))

    def test_works_with_the_defaults(self) -> None:
        for engine in ENGINES:
            with self.subTest(engine.name):
                worker, _ = self.worker(engine)
                made = worker.generate(self.job({}), self.progress())
                self.assertEqual((made.format, made.readable.read_bytes()), ("glb", b"glTF"))

    def test_refuses_before_it_begins_what_it_does_not_know(self) -> None:
        refused: List[Any] = [({"wings": 2}, None, "front"), ({}, "a chair", "front"), ({}, None, "front", "left")]
        for engine in ENGINES:
            for params, prompt, *sides in refused:
                with self.subTest(engine.name, params=params, prompt=prompt, sides=sides):
                    worker, calls = self.worker(engine)
                    with self.assertRaises(Unsupported):
                        worker.generate(self.job(params, prompt, *sides), self.progress())
                    self.assertEqual(calls.of("step"), [])

    def test_refuses_a_value_of_the_wrong_kind(self) -> None:
        for engine in ENGINES:
            for name in engine.params:
                with self.subTest(engine.name, parameter=name):
                    worker, _ = self.worker(engine)
                    with self.assertRaises(BadInput):
                        worker.generate(self.job({name: [1]}), self.progress())

    def test_tells_progress_that_only_grows_and_bounds_every_silence(self) -> None:
        for engine in ENGINES:
            worker, _ = self.worker(engine)
            worker.generate(self.job(engine.params), self.progress())
            percents = [word.percent for word in self.words if not isinstance(word, SilenceOver)]
            silences = [word for word in self.words if isinstance(word, Silence)]
            is_left_open = isinstance(self.words[-1], Silence)  # any other is followed by a word or another silence
            with self.subTest(engine.name):
                self.assertEqual(percents, sorted(percents))
                self.assertGreater(len({word.stage for word in self.words if not isinstance(word, SilenceOver)}), 2)
                self.assertFalse(is_left_open)
                self.assertTrue(all(0 < silence.deadline_seconds <= 900 for silence in silences))

    def test_announces_the_parts_that_take_long_and_report_nothing(self) -> None:
        long_parts = {"remove_background", "decoded", "reduce", "paint", "to_glb", "extract", "run_image"}

        class Watched(Calls):
            def note(watched, what: str, **about: Any) -> None:
                super().note(what, **about)
                if what in long_parts:
                    heard.append((what, isinstance(self.words[-1], Silence)))

        for engine in ENGINES:
            heard: List[Any] = []
            worker, _ = self.worker(engine, Watched())
            worker.generate(self.job({**engine.params, "remove_background": True}), self.progress())
            with self.subTest(engine.name):
                self.assertGreater(len(heard), 1)
                self.assertEqual([what for what, is_announced in heard if not is_announced], [])

    def test_is_silent_no_more_once_it_has_reported_a_step(self) -> None:
        class Watched(Calls):
            def note(watched, what: str, **about: Any) -> None:
                super().note(what, **about)
                if what == "step":
                    silent.append(isinstance(self.words[-1], Silence))

        for engine in ENGINES:
            silent: List[bool] = []
            worker, _ = self.worker(engine, Watched())
            worker.generate(self.job(engine.params), self.progress())
            with self.subTest(engine.name):
                self.assertEqual(len(silent), engine.steps or 1)
                self.assertFalse(any(silent[1:]))

    def test_stops_within_one_step(self) -> None:
        for engine in ENGINES:
            if not engine.steps:
                continue
            worker, calls = self.worker(engine)

            def check(calls: Calls = calls) -> None:
                if len(calls.of("step")) >= 4:
                    raise Canceled

            with self.subTest(engine.name):
                with self.assertRaises(Canceled):
                    worker.generate(self.job(engine.params), self.progress(check))
                self.assertEqual((len(calls.of("step")), calls.of("decoded")), (4, []))

    def test_reports_every_step_of_the_pipeline(self) -> None:
        for engine in ENGINES:
            worker, calls = self.worker(engine)
            looks: List[int] = []
            worker.generate(self.job(engine.params), self.progress(lambda: looks.append(1)))
            with self.subTest(engine.name):
                self.assertGreaterEqual(len(looks), engine.steps)
                self.assertEqual(len(calls.of("step")), engine.steps or 1)


class Hunyuan3D21(_Trial):
    def test_paints_in_a_folder_of_the_job(self) -> None:
        worker, calls = self.worker(ENGINES[1])
        worker.generate(self.job({}), self.progress())
        self.assertEqual(calls.of("paint")[0]["beside"], str(self.folder))


class StableFast3D(_Trial):
    def test_refuses_a_number_of_vertices_that_it_would_pass_over(self) -> None:
        worker, _ = self.worker(ENGINES[4])
        with self.assertRaises(Unsupported):
            worker.generate(self.job({"vertex_count": 500}), self.progress())
