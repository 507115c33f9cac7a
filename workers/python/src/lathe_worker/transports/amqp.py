"""Jobs through RabbitMQ, as plain messages (docs/workers.md)."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Callable, Optional, Tuple

from ..contract.events import Event
from ..contract.messages import JobMessage, parse_control, parse_job
from ..contract.reading import ContractViolation
from ..web import backoff
from .amqp_link import LOST, AmqpLink, header
from .transport import Delivery, Unreachable

_log = logging.getLogger(__name__)

WAIT_SECONDS = 5.0
#: How often a job is given back because this worker is busy; well below the queue's delivery limit of eight.
HAND_OVERS = 4
#: Clocks may differ by this much: a deadline travels as a point in time.
CLOCK_TOLERANCE_SECONDS = 2.0
#: Cancels are remembered for jobs that have not come yet.
REMEMBERED_CANCELS = 1000

Key = Tuple[str, int]


@dataclass(frozen=True)
class _Waiting:
    """A job that has come and is not acknowledged."""

    link: AmqpLink
    tag: int
    body: bytes
    received_at: float
    deadline: Optional[float]

    @property
    def is_late(self) -> bool:
        """Its lease is over: another attempt has taken its place."""
        return self.deadline is not None and time.time() > self.deadline / 1000 + CLOCK_TOLERANCE_SECONDS

    def acknowledge(self) -> None:
        if self.link.is_open:
            self.link.acknowledge(self.tag)

    def reject(self, requeue: bool) -> None:
        if self.link.is_open:
            self.link.reject(self.tag, requeue)


class AmqpTransport:
    """
    Takes one job at a time from `ml.jobs.<pool>` and acknowledges it when `accepted` is confirmed: from then on the lease guards it. A job
    that comes meanwhile goes back for another worker; after some times it waits here.
    """

    def __init__(self, url: str, pool: str, worker_id: str) -> None:
        self._url = url
        self._pool = pool
        self._worker_id = worker_id
        self._link: Optional[AmqpLink] = None
        self._failures = 0
        self._not_before = 0.0
        self._waiting: Optional[_Waiting] = None
        self._current: Optional[Key] = None
        self._on_its_way: Optional[Event] = None
        self._next: Optional[Callable[[], Event]] = None
        self._cancels: "OrderedDict[Key, str]" = OrderedDict()

    def next_job(self) -> Optional[Delivery]:
        self._current = self._on_its_way = self._next = None
        self._wait_for_turn()
        over_at = time.monotonic() + WAIT_SECONDS
        while self._waiting is None and time.monotonic() < over_at:
            if not self._pump(0.5):
                return None
        waiting, self._waiting = self._waiting, None
        return self._opened(waiting) if waiting else None

    def _opened(self, waiting: _Waiting) -> Optional[Delivery]:
        try:
            if waiting.is_late:
                waiting.acknowledge()
                return None
            job = parse_job(waiting.body)
        except ContractViolation as error:
            _log.error("a job that cannot be read: %s", error)
            waiting.reject(requeue=False)
            return None
        self._current = job.key
        return Delivery(
            job, waiting.received_at, waiting.acknowledge, lambda: waiting.reject(requeue=True)
        )

    def deliver(self, event: Event, give_up: Callable[[], bool]) -> Optional[str]:
        self._on_its_way = self._next = None
        is_beginning = event["type"] == "accepted"
        link = self._link
        while not self._publish(event):
            if give_up() or (is_beginning and self._link is not link):
                raise Unreachable("the broker does not answer")
            time.sleep(max(0.0, min(0.5, self._not_before - time.monotonic())))
        return self._cancels.get((event["task_id"], event["attempt"]))

    def tell(self, progress: Callable[[], Event]) -> None:
        self._next = progress

    def stop_reason(self, job: JobMessage) -> Optional[str]:
        if self._pump(0):
            self._advance()
        return self._cancels.get(job.key)

    def _advance(self) -> None:
        """Sends progress, the same again when it was not confirmed."""
        if self._on_its_way is None and self._next:
            self._on_its_way, self._next = self._next(), None
        if self._on_its_way and self._publish(self._on_its_way):
            self._on_its_way = None

    def close(self) -> None:
        self._waiting = None
        if self._link:
            self._link.close()
            self._link = None

    def _publish(self, event: Event) -> bool:
        return self._with_link(lambda link: link.publish(event))

    def _pump(self, seconds: float) -> bool:
        return self._with_link(lambda link: link.pump(seconds))

    def _with_link(self, use: Callable[[AmqpLink], None]) -> bool:
        """Whether it worked; a connection that is lost is made anew after a while."""
        if self._link is None and time.monotonic() < self._not_before:
            return False
        try:
            if self._link is None:
                self._link = AmqpLink(self._url, self._pool, self._on_job, self._on_control)
            use(self._link)
        except LOST as error:
            _log.warning("the broker is lost: %r", error)
            self.close()
            self._failures += 1
            self._not_before = time.monotonic() + backoff(self._failures, 10)
            return False
        self._failures = 0
        return True

    def _wait_for_turn(self) -> None:
        if self._link is None:
            time.sleep(max(0.0, self._not_before - time.monotonic()))

    def _on_job(self, channel: Any, method: Any, properties: Any, body: bytes) -> None:
        link = self._link
        if link is None or link.channel is not channel:
            return
        waiting = _Waiting(
            link, method.delivery_tag, body, time.monotonic(), header(properties, "x-deadline")
        )
        if self._current is None:
            self._waiting = waiting
        elif self._is_current(body):
            waiting.acknowledge()  # it came again, since its acknowledgement was lost
        elif (header(properties, "x-delivery-count") or 0) < HAND_OVERS:
            waiting.reject(requeue=True)
        else:
            self._waiting = waiting

    def _is_current(self, body: bytes) -> bool:
        try:
            return parse_job(body).key == self._current
        except ContractViolation:
            return False

    def _on_control(self, _channel: Any, _method: Any, _properties: Any, body: bytes) -> None:
        try:
            cancel = parse_control(body)
        except ContractViolation as error:
            _log.warning("a control that cannot be read: %s", error)
            return
        if cancel is None or cancel.worker_id not in (None, self._worker_id):
            return
        self._cancels[(cancel.task_id, cancel.attempt)] = cancel.reason
        while len(self._cancels) > REMEMBERED_CANCELS:
            self._cancels.popitem(last=False)
