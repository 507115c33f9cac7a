"""Jobs by HTTP: for workers that reach the bridge, but are not reached (a GPU behind NAT)."""

from __future__ import annotations

import json
import logging
import time
from http.client import HTTPException
from typing import Any, Callable, Dict, Mapping, Optional, Tuple

from ..contract.events import Event
from ..contract.messages import JobMessage, parse_job
from ..contract.reading import ContractViolation
from ..web import backoff, open_url
from .transport import REFUSED, Delivery, NotAllowed, Unreachable

_log = logging.getLogger(__name__)

WAIT_SECONDS = 20
ANSWER_SECONDS = 10.0
#: A bridge that is about to end sends those who wait away at once: they are not to come back at once.
SHORTEST_POLL_SECONDS = 1.0
MAX_ANSWER_BYTES = 1 << 20


class HttpTransport:
    """
    `POST /worker/lease` waits for a job; `POST /worker/events` reports, and its answer says when to stop. The token says which pool.
    """

    def __init__(self, url: str, token: str, worker_id: str) -> None:
        self._url = url.rstrip("/")
        self._headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Accept": "application/json",
        }
        self._worker_id = worker_id
        self._failures = 0
        self._not_before = 0.0
        self._on_its_way: Optional[Event] = None
        self._next: Optional[Callable[[], Event]] = None
        self._reason: Optional[str] = None

    def next_job(self) -> Optional[Delivery]:
        self._wait_for_turn()
        asked = {"worker_id": self._worker_id, "wait_seconds": WAIT_SECONDS}
        asked_at = time.monotonic()
        answer = self._post("/worker/lease", asked, WAIT_SECONDS + ANSWER_SECONDS)
        if answer is None:
            return None
        status, content = answer
        if status == 204:
            self._not_before = asked_at + SHORTEST_POLL_SECONDS
            return None
        received_at = time.monotonic()
        try:
            if status != 200:
                raise ContractViolation(f"the bridge answered {status}")
            job = parse_job(content)
        except ContractViolation as error:
            _log.error("a lease that cannot be used: %s", error)
            self._hold_off(None)
            return None
        self._on_its_way = self._next = self._reason = None
        return Delivery(job, received_at)

    def deliver(self, event: Event, give_up: Callable[[], bool]) -> Optional[str]:
        self._next = lambda: event
        while self._on_its_way is not None or self._next is not None:
            self._advance()
            if self._reason == REFUSED:
                break
            if self._on_its_way and give_up():
                raise Unreachable("the bridge does not answer")
            self._pause()
        return self._reason

    def tell(self, progress: Callable[[], Event]) -> None:
        self._next = progress

    def stop_reason(self, job: JobMessage) -> Optional[str]:
        self._advance()
        return self._reason

    def close(self) -> None:
        """There is no connection to let go of."""

    def _advance(self) -> None:
        """Sends what is on its way, again if need be: events of an attempt arrive in their order."""
        if self._on_its_way is None and self._next:
            self._on_its_way, self._next = self._next(), None
        if self._on_its_way is None or time.monotonic() < self._not_before:
            return
        answer = self._post("/worker/events", self._on_its_way, ANSWER_SECONDS)
        if answer is None:
            return
        status, content = answer
        if status == 409:
            self._reason = REFUSED
        elif status == 200:
            self._reason = self._reason or _cancel_in(content)
        else:
            _log.error("the bridge does not take an event: %s %s", status, content[:500])
        self._on_its_way = None

    def _post(self, path: str, body: Mapping[str, Any], timeout: float) -> Optional[Tuple[int, bytes]]:
        """An answer that stands, or None when it is to be tried again later."""
        try:
            with open_url(
                "POST",
                self._url + path,
                headers=self._headers,
                body=json.dumps(body, allow_nan=False).encode(),
                timeout=timeout,
            ) as answer:
                status, content = int(answer.status), answer.read(MAX_ANSWER_BYTES)
                retry_after = answer.headers.get("Retry-After")
        except (OSError, HTTPException) as error:
            _log.warning("%s: %s", path, error)
            self._hold_off(None)
            return None
        if status in (401, 403):
            raise NotAllowed(f"the bridge refuses this worker's token ({status})")
        if status in (404, 408, 425, 429) or status >= 500:
            _log.warning("%s: the bridge answered %s", path, status)
            self._hold_off(retry_after)
            return None
        self._failures = 0
        return status, content

    def _hold_off(self, retry_after: Optional[str]) -> None:
        self._failures += 1
        seconds = backoff(self._failures)
        if retry_after and retry_after.isdigit():
            seconds = max(min(float(retry_after), 60), 0.1)
        self._not_before = time.monotonic() + seconds

    def _wait_for_turn(self) -> None:
        time.sleep(max(0.0, self._not_before - time.monotonic()))

    def _pause(self) -> None:
        left = self._not_before - time.monotonic()
        if self._on_its_way and left > 0:
            time.sleep(min(left, 0.5))


def _cancel_in(content: bytes) -> Optional[str]:
    try:
        answer: Dict[str, Any] = json.loads(content)
        reason = answer.get("cancel")
    except (ValueError, AttributeError):
        return None
    return str(reason)[:32] if reason else None
