"""How a model tells how far it is, and hears that it should stop."""

from __future__ import annotations

import math
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Callable, Iterator, Optional, Union

from ..contract.events import stage_name
from .errors import DeadlineExceeded

#: Calls that follow each other faster than this are told only when they say something new.
TELL_EVERY_SECONDS = 0.05


@dataclass(frozen=True)
class Told:
    """A word of the work loop itself: it is alive."""

    percent: float
    stage: str


@dataclass(frozen=True)
class Silence:
    """From here on nothing will be heard, for `deadline_seconds` at most."""

    percent: float
    stage: str
    deadline_seconds: float


@dataclass(frozen=True)
class SilenceOver:
    """The silent stage has ended."""


Word = Union[Told, Silence, SilenceOver]


class Progress:
    """
    Call it from the loop that does the work, as often as you like: `progress(percent, "stage")`. Every call is a sign of life and the
    place where a job that nobody wants any more ends: it raises Canceled (a BaseException; let it pass), or DeadlineExceeded.
    """

    def __init__(
        self,
        tell: Callable[[Word], None],
        check: Callable[[], None] = lambda: None,
        budget_seconds: float = math.inf,
    ) -> None:
        self._tell = tell
        self._check = check
        self._over_at = time.monotonic() + budget_seconds
        self._stage = "start"
        self._percent = 0.0
        self._told_at = -math.inf
        self._told_percent = -1.0

    def __call__(self, percent: float, stage: Optional[str] = None) -> None:
        """`percent` of the whole, 0 to 100; a smaller one than before counts as the one before. Without a stage it is the last one."""
        self.check()
        is_new = stage is not None and stage_name(stage) != self._stage
        self._remember(percent, stage)
        is_step = self._percent >= self._told_percent + 1
        if is_new or is_step or time.monotonic() - self._told_at >= TELL_EVERY_SECONDS:
            self._say(Told(self._percent, self._stage))

    @contextmanager
    def stage(self, name: str, percent: Optional[float] = None, *, deadline_seconds: float) -> Iterator[None]:
        """
        For a call that cannot report: the worker goes on to say that it is in this stage while the process lives, for at most
        `deadline_seconds`. Then the process is killed and the job fails with `deadline_exceeded`. A cancel kills it as well, after the
        grace for a loop that reports. A word from inside ends the deadline: a call that reports is not silent.
        """
        self.silence(name, percent, deadline_seconds=deadline_seconds)
        try:
            yield
        finally:
            self._say(SilenceOver())
        self.check()

    def silence(self, name: str, percent: Optional[float] = None, *, deadline_seconds: float) -> None:
        """The same where there is no block to put it around, as in a callback: it lasts until the next word, or the next silence."""
        self.check()
        self._remember(self._percent if percent is None else percent, name)
        self._say(Silence(self._percent, self._stage, deadline_seconds))
        self._told_at = -math.inf  # the next word ends the silence: it is never held back

    def check(self) -> None:
        """Raises when the job should end; says nothing."""
        self._check()
        if time.monotonic() > self._over_at:
            raise DeadlineExceeded("the job's budget is over")

    def still_here(self) -> None:
        """A sign of life without news."""
        self(self._percent)

    def _remember(self, percent: float, stage: Optional[str]) -> None:
        if not math.isfinite(percent):
            raise ValueError("percent must be a number")
        self._percent = max(self._percent, min(100.0, float(percent)))
        if stage is not None:
            self._stage = stage_name(stage)

    def _say(self, word: Word) -> None:
        self._told_at = time.monotonic()
        self._told_percent = self._percent
        self._tell(word)
