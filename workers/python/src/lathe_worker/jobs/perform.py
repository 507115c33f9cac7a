"""One job from its inputs to its outputs, in the process that holds the model."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List

from ..contract.messages import JobMessage
from ..model.artifacts import matched
from ..model.engine import Engine
from ..model.job import Job, job_of
from ..model.progress import Progress
from ..process.memory import free_memory
from .files import download, upload


@dataclass(frozen=True)
class Result:
    """What a `succeeded` event says (ml-event.v1)."""

    artifacts: List[Dict[str, Any]]
    metrics: Dict[str, float]


def perform(engine: Engine, message: JobMessage, progress: Progress, folder: Path) -> Result:
    """
    Downloads the inputs, has the model work, uploads what it made. Raises WorkerError, Canceled, and whatever the model raises. Memory is
    freed afterwards, whatever happened.
    """
    metrics: Dict[str, float] = {}
    try:
        started = time.monotonic()
        job = _fetched(message, progress, folder)
        generating = time.monotonic()
        pairs = matched(engine.generate(job, progress), message.outputs)
        uploading = time.monotonic()
        artifacts = []
        progress(0, "upload")
        for output, artifact in pairs:
            report = upload(output, artifact.readable, progress.still_here)
            artifacts.append({**report, "meta": dict(artifact.meta)} if artifact.meta else report)
        metrics = {
            **job.metrics,
            "download_seconds": round(generating - started, 3),
            "generate_seconds": round(uploading - generating, 3),
            "upload_seconds": round(time.monotonic() - uploading, 3),
        }
        return Result(artifacts, metrics)
    finally:
        _tidy_up(engine)


def _tidy_up(engine: Engine) -> None:
    """What goes wrong here is for the log: the job has ended as it has."""
    try:
        engine.release()
    except Exception:
        logging.getLogger(__name__).exception("release failed")
    free_memory()


def _fetched(message: JobMessage, progress: Progress, folder: Path) -> Job:
    progress(0, "download" if message.inputs else "start")
    files: Dict[str, Path] = {}
    for about in message.inputs:
        path = folder / about.name
        download(about, path, progress.still_here)
        files[about.name] = path
    return job_of(message, files, folder)
