"""The model of the conformance tests: it does what its prompt says, a plan in JSON, and notes beside the gates what it has begun."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import struct
import time
import zlib
from pathlib import Path

from lathe_worker import Artifact, BadInput, ContentRejected, Unsupported

GATES = Path(os.environ["CONFORMANCE_GATES"])
STEP_SECONDS = 0.02
PATIENCE_SECONDS = 60


def generate(job, progress):
    plan = json.loads(job.prompt)
    with open(GATES / f"begun-{job.task_id}-{job.attempt}", "a", encoding="ascii") as note:
        note.write("x")
    for step in range(4):
        progress(10 * step, "shape")
        time.sleep(STEP_SECONDS)
    globals()[f"do_{plan['do']}"](plan, progress)
    for step in range(4):
        progress(60 + 5 * step, "texture")
        time.sleep(STEP_SECONDS)
    return [
        Artifact(glb(), "glb", meta={"plan": plan["do"], "inputs": hashes(job.files)}),
        Artifact(png(), "png", name="preview.png"),
    ]


def do_make(plan, progress):
    """Nothing besides."""


def do_fail(plan, progress):
    failures = {
        "bad_input": BadInput("a plan of the test"),
        "unsupported": Unsupported("a plan of the test"),
        "content_rejected": ContentRejected("a plan of the test"),
        "model_error": ValueError("words of a library that nobody should read: SECRET"),
        "out_of_memory": RuntimeError("CUDA out of memory. Tried to allocate 20.00 GiB"),
    }
    raise failures[plan["code"]]


def do_wait(plan, progress):
    """Works until its gate is opened; a cancel ends it at its next step."""
    over_at = time.monotonic() + PATIENCE_SECONDS
    while not (GATES / plan["gate"]).exists():
        if time.monotonic() > over_at:
            raise TimeoutError("nobody opened the gate")
        progress(50, "wait")
        time.sleep(STEP_SECONDS)


def do_silence(plan, progress):
    """A call into a library that neither tells how far it is nor hears that it should stop."""
    with progress.stage("silence", deadline_seconds=PATIENCE_SECONDS):
        time.sleep(PATIENCE_SECONDS)


def do_crash(plan, progress):
    """As when the kernel is out of memory."""
    os.kill(os.getpid(), signal.SIGKILL)


def hashes(files):
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}


def glb():
    """The smallest there is: a scene with nothing in it."""
    text = json.dumps({"asset": {"version": "2.0"}, "scenes": [{}], "scene": 0}).encode()
    text += b" " * (-len(text) % 4)
    return struct.pack("<4sIIII", b"glTF", 2, 20 + len(text), len(text), 0x4E4F534A) + text


def png():
    """One white pixel."""
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\x00\xff")),
        (b"IEND", b""),
    ]
    packed = [struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks]
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)
