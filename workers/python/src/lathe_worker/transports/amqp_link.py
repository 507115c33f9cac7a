"""A connection to the broker as a worker has it: names of docs/workers.md, nothing declared but a queue of its own for controls."""

from __future__ import annotations

import json
from typing import Any, Callable, Optional
from urllib.parse import parse_qs, urlsplit

import pika
from pika.exceptions import (
    AMQPError,
    AuthenticationError,
    ProbableAccessDeniedError,
    ProbableAuthenticationError,
)

from ..contract.events import Event
from .transport import NotAllowed

EVENTS = "ml.events"
CONTROL = "ml.control"
#: What a connection that is gone raises.
LOST = (AMQPError, OSError, AssertionError)

OnMessage = Callable[[Any, Any, Any, bytes], None]


class AmqpLink:
    """One connection with one channel. It is driven by `pump`; when it is lost, make another."""

    def __init__(self, url: str, pool: str, on_job: OnMessage, on_control: OnMessage) -> None:
        """Raises NotAllowed when the broker refuses the user, and one of LOST."""
        try:
            self._connection = pika.BlockingConnection(_parameters(url))
        except (AuthenticationError, ProbableAccessDeniedError, ProbableAuthenticationError) as error:
            raise NotAllowed("the broker refuses this worker's user") from error
        channel = self.channel = self._connection.channel()
        channel.confirm_delivery()
        channel.basic_qos(prefetch_count=1)
        own = channel.queue_declare("", exclusive=True, auto_delete=True).method.queue
        channel.queue_bind(own, CONTROL)
        channel.basic_consume(own, on_control, auto_ack=True)
        channel.add_on_cancel_callback(lambda _: self.close())
        channel.basic_consume(f"ml.jobs.{pool}", on_job)

    @property
    def is_open(self) -> bool:
        return bool(self._connection.is_open and self.channel.is_open)

    def pump(self, seconds: float) -> None:
        """Heartbeats, jobs and controls, for this long."""
        self._connection.process_data_events(time_limit=seconds)
        if not self.is_open:
            raise pika.exceptions.ConnectionClosed(0, "the channel is closed")

    def publish(self, event: Event) -> None:
        """Returns when the broker has confirmed the event."""
        properties = pika.BasicProperties(
            content_type="application/json",
            delivery_mode=2,
            message_id=event["event_id"],
            type="event",
            headers={"x-version": event["v"]},
        )
        body = json.dumps(event, allow_nan=False).encode()
        self.channel.basic_publish(EVENTS, "", body, properties, mandatory=True)

    def acknowledge(self, tag: int) -> None:
        self.channel.basic_ack(tag)

    def reject(self, tag: int, requeue: bool) -> None:
        """`basic.reject`, not `nack`: from RabbitMQ 4.3 on only a reject counts towards the delivery limit."""
        self.channel.basic_reject(tag, requeue=requeue)

    def close(self) -> None:
        try:
            self._connection.close()
        except LOST:
            pass  # it was gone already


def _parameters(url: str) -> Any:
    parameters = pika.URLParameters(url)
    if "heartbeat" not in parse_qs(urlsplit(url).query):
        parameters.heartbeat = 10
    parameters.socket_timeout = 5
    parameters.stack_timeout = 10
    parameters.blocked_connection_timeout = 20
    return parameters


def header(properties: Any, name: str) -> Optional[float]:
    """A number among the headers of a message."""
    try:
        return float((properties.headers or {})[name])
    except (KeyError, TypeError, ValueError):
        return None
