"""When which word of the model is passed on."""

from __future__ import annotations

import time
from typing import Optional, Tuple

from ..model.progress import Silence, SilenceOver, Told, Word

#: Progress within a stage is passed on at most this often; a new stage at once.
TELL_EVERY_SECONDS = 0.5


class Heartbeat:
    """
    Passes on what the model says and nothing else, so that a model that hangs falls silent. The one exception is a silent stage: until its
    deadline or the next word the last one is said again with every heartbeat.
    """

    def __init__(self, heartbeat_ms: int) -> None:
        self._every = heartbeat_ms / 1000 * 0.8  # there in time in spite of the way
        self._word: Optional[Tuple[float, str]] = None
        self._stage = ""
        self._is_untold = False
        self._told_at = time.monotonic()
        self._silent_until: Optional[float] = None

    def heard(self, word: Word) -> None:
        self._silent_until = time.monotonic() + word.deadline_seconds if isinstance(word, Silence) else None
        if isinstance(word, SilenceOver):
            return
        self._word = (word.percent, word.stage)
        self._is_untold = True

    @property
    def is_overdue(self) -> bool:
        """Whether a silent stage has gone on for longer than it said."""
        return self._silent_until is not None and time.monotonic() > self._silent_until

    def due(self) -> Optional[Told]:
        """What is to be passed on now."""
        if self._word is None:
            return None
        percent, stage = self._word
        since = time.monotonic() - self._told_at
        is_new_stage = self._is_untold and stage != self._stage
        is_news = self._is_untold and since >= TELL_EVERY_SECONDS
        is_beat = self._silent_until is not None and since >= self._every
        if not (is_new_stage or is_news or is_beat):
            return None
        self._told_at = time.monotonic()
        self._stage = stage
        self._is_untold = False
        return Told(percent, stage)
