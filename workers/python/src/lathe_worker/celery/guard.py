"""Keeps a message that is no task from taking the Celery worker down."""

from __future__ import annotations

from typing import Any

from celery.exceptions import InvalidTaskError
from celery.worker.strategy import default

#: What Celery 5.2 to 5.6 raise on headers and bodies that are not of their form (celery/worker/request.py, strategy.py).
_MALFORMED = (AttributeError, LookupError, TypeError, ValueError)


def strategy(task: Any, app: Any, consumer: Any, **about: Any) -> Any:
    """
    Celery's own strategy, which unpacks the body of a task as `args, kwargs, embed`: with any other body its exception ends the whole
    worker, and the message, which was not acknowledged, ends the next one too. Here such a message is rejected without requeueing.
    """
    handle = default(task, app, consumer, **about)

    def on_message(message: Any, body: Any, ack: Any, reject: Any, callbacks: Any, **more: Any) -> Any:
        if body is None and not _is_task_body(message.payload):
            raise InvalidTaskError("the body of the message is not [args, kwargs, embed]")
        if body is None and not _has_usable_headers(message.headers):
            raise InvalidTaskError("the headers of the message are not those of a task")
        try:
            return handle(message, body, ack, reject, callbacks, **more)
        except _MALFORMED as error:
            raise InvalidTaskError(f"the message cannot be read: {error!r}") from error

    return on_message


def _is_task_body(body: Any) -> bool:
    """Protocol 2 (docs/internals/protocol.rst of Celery)."""
    if not isinstance(body, (list, tuple)) or len(body) != 3:
        return False
    arguments, keywords, embed = body
    return (
        isinstance(arguments, (list, tuple))
        and isinstance(keywords, dict)
        and (embed is None or isinstance(embed, dict))
    )


def _has_usable_headers(headers: Any) -> bool:
    """What Celery unpacks only when it has taken the one place that it has for a task, and then never gives back."""
    limits = headers.get("timelimit")
    if limits is not None and not (isinstance(limits, (list, tuple)) and len(limits) == 2):
        return False
    return isinstance(headers.get("id"), str) and all(
        limit is None or isinstance(limit, (int, float)) for limit in limits or ()
    )
