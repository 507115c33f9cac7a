"""The settings of a worker: options of the command line, each with an environment variable beside it."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any, Callable, List, Optional

TRANSPORTS = ("http", "amqp", "celery")


def read_settings(arguments: Optional[List[str]] = None) -> argparse.Namespace:
    """Exits with a sentence when one is missing or wrong. The `token` of an http worker is among them."""
    parser = argparse.ArgumentParser(
        prog="lathe_worker",
        description="Runs a model as a worker of Lathe. Every option can be set as an environment variable instead, LATHE_… .",
    )
    _option(parser, "target", help="what makes the models: module:function or module:Class")
    _option(parser, "--transport", default="http", choices=TRANSPORTS, help="how jobs come (http)")
    _option(
        parser,
        "--url",
        help="http: the bridge's address for workers; amqp and celery: the broker's, with user and password",
    )
    _option(parser, "--pool", help="amqp: the pool whose jobs are taken")
    _option(parser, "--queue", default="lathe", help="celery: the queue whose jobs are taken (lathe)")
    _option(parser, "--task-name", default="lathe.generate", help="celery: the task (lathe.generate)")
    _option(parser, "--name", help="how the worker calls itself in logs (the host's name)")
    _option(parser, "--max-jobs-per-process", type=int, help="a fresh process after this many jobs")
    _option(parser, "--max-growth-mib", type=float, help="a fresh process when it has grown by this much")
    _option(
        parser,
        "--cancel-grace-seconds",
        type=float,
        default=10.0,
        help="a job that is canceled has this long to notice before SIGTERM (10)",
    )
    _option(
        parser,
        "--kill-grace-seconds",
        type=float,
        default=5.0,
        help="and this long after SIGTERM before SIGKILL (5)",
    )
    _option(parser, "--log-level", default="INFO", help="DEBUG, INFO, WARNING or ERROR (INFO)")
    settings = parser.parse_args(arguments)
    _check(parser, settings)
    if settings.transport == "http":
        settings.token = _token(parser)
    return settings


def forget_secrets() -> None:
    """Takes them out of the environment, before the process of the model inherits it."""
    for name in ("LATHE_TOKEN", "LATHE_TOKEN_FILE", "LATHE_URL"):
        os.environ.pop(name, None)


def _option(
    parser: argparse.ArgumentParser, name: str, type: Callable[[str], Any] = str, **about: Any
) -> None:
    variable = "LATHE_" + name.lstrip("-").replace("-", "_").upper()
    value = os.environ.get(variable)
    if value:
        about["default"] = value  # converted, or refused, as an option is
    if not name.startswith("-"):
        about["nargs"] = "?"
    about["help"] = f"{about['help']} [{variable}]"
    parser.add_argument(name, type=type, **about)


def _check(parser: argparse.ArgumentParser, settings: argparse.Namespace) -> None:
    needed = ["target", "url"] + (["pool"] if settings.transport == "amqp" else [])
    for name in needed:
        if not getattr(settings, name):
            parser.error(f"{name} is missing")
    if settings.transport not in TRANSPORTS:
        parser.error(f"transport must be one of {', '.join(TRANSPORTS)}")


def _token(parser: argparse.ArgumentParser) -> str:
    """LATHE_TOKEN, or the file LATHE_TOKEN_FILE. Not an option: command lines are seen by everybody on a machine."""
    file = os.environ.get("LATHE_TOKEN_FILE")
    try:
        token = Path(file).read_text().strip() if file else os.environ.get("LATHE_TOKEN", "")
    except OSError:
        parser.error("LATHE_TOKEN_FILE cannot be read")
    if not token:
        parser.error("LATHE_TOKEN is missing")
    return token
