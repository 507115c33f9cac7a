"""Starts a worker in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.fake_bridge import TOKEN, FakeBridge

PACKAGE = Path(__file__).parent.parent


def start(bridge: FakeBridge, *options: str, target: str = "tests.models:Model", **env: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "lathe_worker", target, "--url", bridge.url, "--log-level", "ERROR", *options]
    return subprocess.Popen(
        command,
        cwd=PACKAGE,
        env={**os.environ, "PYTHONPATH": str(PACKAGE / "src"), "LATHE_TOKEN": TOKEN, **env},
        stderr=subprocess.DEVNULL,
    )
