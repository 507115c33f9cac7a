"""`python -m lathe_worker my_module:generate --transport http --url …`"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from typing import List, Optional

from .contract.events import worker_identity
from .process.child_process import LoadFailure
from .settings import forget_secrets, read_settings
from .supervision.ending import Ending
from .supervision.runner import Options, Runner
from .supervision.stopping import Graces
from .transports.transport import NotAllowed, Transport


def main(arguments: Optional[List[str]] = None) -> int:
    """The exit code: 0 when it was asked to end, 1 when the model cannot be loaded, 2 when the bridge does not know the worker."""
    settings = read_settings(arguments)
    logging.basicConfig(
        level=settings.log_level, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr
    )
    logging.getLogger("pika").setLevel(logging.WARNING)
    if os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())
    if settings.transport == "celery":
        return _run_celery(settings)
    worker_id = worker_identity(settings.name)
    options = Options(
        worker_id,
        Graces(settings.cancel_grace_seconds, settings.kill_grace_seconds),
        settings.max_jobs_per_process,
        settings.max_growth_mib,
        settings.log_level,
    )
    ending = Ending()
    ending.listen()
    transport = _transport(settings, worker_id)
    forget_secrets()
    runner = Runner(settings.target, transport, options, ending)
    try:
        runner.run()
    except LoadFailure as error:
        logging.error("%s", error)
        return 1
    except NotAllowed as error:
        logging.error("%s", error)
        return 2
    return 0


def _transport(settings: argparse.Namespace, worker_id: str) -> Transport:
    if settings.transport == "http":
        from .transports.http import HttpTransport

        return HttpTransport(settings.url, settings.token, worker_id)
    from .transports.amqp import AmqpTransport

    return AmqpTransport(settings.url, settings.pool, worker_id)


def _run_celery(settings: argparse.Namespace) -> int:
    from .celery_app import create, run

    app = create(
        settings.target,
        broker_url=settings.url,
        queue=settings.queue,
        task_name=settings.task_name,
        max_jobs_per_process=settings.max_jobs_per_process,
    )
    return run(app, settings.log_level, settings.name)


if __name__ == "__main__":
    sys.exit(main())
