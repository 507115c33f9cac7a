"""The bytes of a job: presigned GETs and PUTs of an object store, with sizes and hashes."""

from __future__ import annotations

import hashlib
import io
import time
from http.client import HTTPException
from pathlib import Path
from typing import IO, Any, Callable, Dict, Optional, Union

from ..contract.messages import JobInput, JobOutput
from ..model.errors import InputUnavailable, Internal, OutputRejected
from ..web import backoff, open_url

Content = Union[bytes, Path]
TRIES = 3
CHUNK = 1 << 18
#: Of a line that is slow but alive: a whole transfer may take this long, and `PATIENCE` seconds more.
SLOWEST_BYTES_PER_SECOND = 250_000
PATIENCE = 10.0


class _Mismatch(Exception):
    pass


def download(about: JobInput, target: Path, check: Callable[[], None]) -> None:
    """
    Writes an input to `target` and checks its size and hash. `check` is called with every piece and may raise to stop. Raises
    InputUnavailable.
    """
    reason = _tried(lambda _: _fetch(about, target, check))
    if reason is not None:
        raise InputUnavailable(f"{about.name}: {reason}")


def _fetch(about: JobInput, target: Path, check: Callable[[], None]) -> int:
    give_up_at = time.monotonic() + PATIENCE + about.bytes / SLOWEST_BYTES_PER_SECOND
    digest = hashlib.sha256()
    size = 0
    with open_url("GET", about.url, timeout=PATIENCE) as answer, target.open("wb") as file:
        if answer.status != 200:
            return int(answer.status)
        while True:
            check()
            piece = answer.read(CHUNK)
            if not piece:
                break
            size += len(piece)
            if size > about.bytes:
                raise _Mismatch(f"more than the {about.bytes} bytes that were announced")
            if time.monotonic() > give_up_at:
                raise _Mismatch("the transfer takes too long")
            digest.update(piece)
            file.write(piece)
    if size != about.bytes or digest.hexdigest() != about.sha256:
        raise _Mismatch("not the file that was announced")
    return 200


def upload(output: JobOutput, content: Content, check: Callable[[], None]) -> Dict[str, Any]:
    """
    Writes an output and says what was written: name, format, bytes and sha256 of an artifact (ml-event.v1). `check` is called with every
    piece and may raise to stop. Raises OutputRejected when there are too many bytes or none, Internal when the store does not take them.
    """
    size = content.stat().st_size if isinstance(content, Path) else len(content)
    if not 0 < size <= output.max_bytes:
        raise OutputRejected(f"{output.name} has {size} bytes, 1 to {output.max_bytes} are allowed")
    digest = hashlib.sha256()
    with _reader(content, check) as file:
        for piece in iter(lambda: file.read(CHUNK), b""):
            digest.update(piece)
    _store(output, content, size, check)
    return {"name": output.name, "format": output.format, "bytes": size, "sha256": digest.hexdigest()}


def _store(output: JobOutput, content: Content, size: int, check: Callable[[], None]) -> None:
    def put(count: int) -> int:
        status = _put(output, content, size, check)
        written_before = count > 0 and status == 412  # `if-none-match: *`, and the first answer was lost
        return 200 if 200 <= status < 300 or written_before else status

    reason = _tried(put)
    if reason is not None:
        raise Internal(f"{output.name}: {reason}")


def _put(output: JobOutput, content: Content, size: int, check: Callable[[], None]) -> int:
    headers = {"Content-Type": "application/octet-stream", "Content-Length": str(size)}
    signed = {name.title(): value for name, value in output.headers.items()}
    with _reader(content, check) as file:
        with open_url(
            "PUT", output.url, headers={**headers, **signed}, body=file, timeout=PATIENCE
        ) as answer:
            answer.read()
            return int(answer.status)


def _tried(transfer: Callable[[int], int]) -> Optional[str]:
    """
    Why a transfer has failed after all its tries, or None. `transfer` is given how many there were before, and returns 200 or the status
    that it failed with; one below 500 is not tried again.
    """
    reason = ""
    for count in range(TRIES):
        if count:
            time.sleep(backoff(count - 1))
        try:
            status = transfer(count)
        except (OSError, HTTPException, _Mismatch) as error:
            reason = str(error) or type(error).__name__
            continue
        if status == 200:
            return None
        reason = f"the store answered {status}"
        if status < 500:
            break
    return reason


class _Watched(io.RawIOBase):
    """A file that looks up from its work with every piece that is read of it."""

    def __init__(self, file: IO[bytes], check: Callable[[], None]) -> None:
        self._file = file
        self._check = check

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        self._check()
        return self._file.read(size)

    def close(self) -> None:
        self._file.close()
        super().close()


def _reader(content: Content, check: Callable[[], None]) -> _Watched:
    file: IO[bytes] = content.open("rb") if isinstance(content, Path) else io.BytesIO(content)
    return _Watched(file, check)
