"""
What the package uses of pika 1.2 (pika/adapters/blocking_connection.py, pika/exceptions.py) and of Celery 5.2.6 (celery/exceptions.py,
celery/worker/strategy.py: `default(task, app, consumer)` gives `task_message_handler(message, body, ack, reject, callbacks)`). The real ones
are tried by the conformance suite of the project.
"""

from __future__ import annotations

from typing import Any, Callable

from tests.stand_ins import module


def install_pika() -> None:
    amqp_error = type("AMQPError", (Exception,), {})
    errors = {
        name: type(name, (amqp_error,), {})
        for name in (
            "AuthenticationError",
            "ConnectionClosed",
            "ProbableAccessDeniedError",
            "ProbableAuthenticationError",
        )
    }
    exceptions = module("pika.exceptions", AMQPError=amqp_error, **errors)
    module("pika", exceptions=exceptions)


def install_celery(handler: Callable[..., Any]) -> type:
    """`handler` is what Celery's own strategy would do with a message. Returns its InvalidTaskError."""
    invalid = type("InvalidTaskError", (Exception,), {})
    module("celery.exceptions", InvalidTaskError=invalid)
    module("celery.worker.strategy", default=lambda task, app, consumer, **_: handler)
    return invalid
