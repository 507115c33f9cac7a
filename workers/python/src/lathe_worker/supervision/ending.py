"""SIGTERM and SIGINT: the worker takes no more jobs, stops the one it has, and goes."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import Iterator


class EndAsked(BaseException):
    """Breaks off a wait that may be broken off."""


class Ending:
    """Whether the worker was asked to end."""

    def __init__(self) -> None:
        self.is_asked = False
        self._is_interruptible = False

    def listen(self) -> None:
        signal.signal(signal.SIGTERM, self.ask)
        signal.signal(signal.SIGINT, self.ask)

    def ask(self, *_: object) -> None:
        self.is_asked = True
        if self._is_interruptible:
            self._is_interruptible = False
            raise EndAsked

    @contextmanager
    def interruptible(self) -> Iterator[None]:
        """Around a wait that an end may break off at any point."""
        if self.is_asked:
            raise EndAsked
        self._is_interruptible = True
        try:
            yield
        finally:
            self._is_interruptible = False
