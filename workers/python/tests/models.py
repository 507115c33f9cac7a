"""Models for tests, chosen by the job's parameter `do`. They behave well and badly."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any, List

from lathe_worker import Artifact, BadInput, Job, Progress, Unsupported

GLB = b"glTF" + b"\x02\x00\x00\x00" + b"\x14\x00\x00\x00" + b"\x00" * 8


class Model:
    """Counts its jobs, so that a test sees whether the process is the same."""

    def __init__(self) -> None:
        self.jobs = 0
        self.released = 0
        self.kept: List[bytes] = []

    def generate(self, job: Job, progress: Progress) -> Artifact:
        self.jobs += 1
        job.metrics["jobs"] = self.jobs
        job.metrics["released"] = self.released
        job.metrics["pid"] = os.getpid()
        getattr(self, str(job.params.get("do", "well")))(job, progress)
        return Artifact(GLB, meta={"model": "test"})

    def release(self) -> None:
        self.released += 1

    def well(self, job: Job, progress: Progress) -> None:
        for percent in range(0, 101, 10):
            progress(percent, "shape" if percent < 50 else "texture")

    def looks_for_secrets(self, job: Job, progress: Progress) -> None:
        job.metrics["secrets"] = len({"LATHE_TOKEN", "LATHE_TOKEN_FILE", "LATHE_URL"} & set(os.environ))

    def reads_its_picture(self, job: Job, progress: Progress) -> None:
        job.metrics["bytes"] = len(job.image.read_bytes())

    def refuses_input(self, job: Job, progress: Progress) -> None:
        raise BadInput("the picture is black")

    def refuses_parameters(self, job: Job, progress: Progress) -> None:
        parameters = job.parameters
        parameters.choice("do", "", ["refuses_parameters"])
        parameters.refuse_the_rest()

    def cannot(self, job: Job, progress: Progress) -> None:
        raise Unsupported("no quads")

    def breaks(self, job: Job, progress: Progress) -> None:
        raise KeyError("secret of the model")

    def runs_out_of_gpu_memory(self, job: Job, progress: Progress) -> None:
        raise RuntimeError("CUDA out of memory. Tried to allocate 20.00 MiB")

    def is_killed(self, job: Job, progress: Progress) -> None:
        progress(5, "shape")
        os.kill(os.getpid(), signal.SIGKILL)

    def crashes(self, job: Job, progress: Progress) -> None:
        os._exit(7)

    def steps(self, job: Job, progress: Progress) -> None:
        for step in range(3000):
            progress(step / 30, "shape")
            time.sleep(0.01)

    def swallows_cancel(self, job: Job, progress: Progress) -> None:
        """Never looks up: only SIGTERM gets through."""
        progress(1, "shape")
        over_at = time.monotonic() + 30
        while time.monotonic() < over_at:
            time.sleep(0.05)

    def ignores_everything(self, job: Job, progress: Progress) -> None:
        """As a CUDA kernel that never returns: only SIGKILL gets through."""
        progress(1, "shape")
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        over_at = time.monotonic() + 30
        while time.monotonic() < over_at:
            time.sleep(0.05)

    def is_silent_until_its_gate_opens(self, job: Job, progress: Progress) -> None:
        progress(40, "shape")
        with progress.stage("texture", percent=60, deadline_seconds=60):
            while not Path(str(job.params["gate"])).exists():
                time.sleep(0.05)

    def is_silent_for_too_long(self, job: Job, progress: Progress) -> None:
        with progress.stage("texture", percent=60, deadline_seconds=0.3):
            time.sleep(30)

    def hangs(self, job: Job, progress: Progress) -> None:
        progress(10, "shape")
        time.sleep(1.5)

    def grows(self, job: Job, progress: Progress) -> None:
        self.kept.append(os.urandom(1 << 20) * 40)

    def makes_too_much(self, job: Job, progress: Progress) -> None:
        global GLB
        GLB = GLB * 100_000


def generate(job: Job, progress: Progress) -> Artifact:
    """The same as a plain function."""
    progress(50, "shape")
    return Artifact(GLB)


def nothing(job: Job, progress: Progress) -> Any:
    return []


class CannotBeLoaded:
    def __init__(self) -> None:
        raise RuntimeError("no weights")
