"""What the author of a model hands over: a function, or a class that is made once per process."""

from __future__ import annotations

import importlib
import inspect
from typing import Any, Callable, Union

from .artifacts import Made
from .job import Job
from .progress import Progress

Generate = Callable[[Job, Progress], Made]
Target = Union[str, Generate, type]


class Engine:
    """A model that is ready for jobs."""

    def __init__(self, generate: Generate, release: Callable[[], Any]) -> None:
        self.generate = generate
        self.release = release


def load(target: Target) -> Engine:
    """
    `module:name`, or the thing itself. A class is made without arguments, which is where the model is loaded; its `generate(job, progress)`
    makes the artifacts, and its `release()`, if it has one, is called after every job.
    """
    thing = _imported(target) if isinstance(target, str) else target
    if not inspect.isclass(thing):
        return Engine(thing, lambda: None)
    made = thing()
    return Engine(made.generate, getattr(made, "release", lambda: None))


def _imported(target: str) -> Any:
    module, _, name = target.partition(":")
    if not name:
        raise ValueError(f"{target!r} is not of the form module:name")
    return getattr(importlib.import_module(module), name)
