"""A bridge and an object store in one, for tests of the http transport: it hands out one job after another and remembers what came."""

from __future__ import annotations

import hashlib
import json
import threading
import time
import uuid
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Callable, Deque, Dict, List, Optional, Tuple

from tests.schema import faults_of

TOKEN = "token-of-the-tests"
Answer = Tuple[int, Dict[str, str], Optional[Any]]


class FakeBridge:
    """Answers of `/worker/events` are 200 `{"ok": true}` unless `answers` says otherwise, by what the event is."""

    def __init__(self) -> None:
        self.jobs: Deque[Any] = deque()
        self.events: List[Dict[str, Any]] = []
        self.attempts_to_send: List[str] = []
        #: What keeps events that came from fitting the published schema.
        self.faults: List[str] = []
        self.files: Dict[str, bytes] = {}
        self.stored: Dict[str, Dict[str, str]] = {}
        self.answers: Callable[[Dict[str, Any]], Optional[Answer]] = lambda event: None
        self.store_answers: Deque[int] = deque()
        self.lease_answers: Deque[Answer] = deque()
        self.leases: List[Dict[str, Any]] = []
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def job(self, **about: Any) -> Dict[str, Any]:
        """A job with one GLB to write."""
        task_id = str(uuid.uuid4())
        return {
            "v": 1,
            "task_id": task_id,
            "attempt": 1,
            "lease_token": "t" * 22,
            "operation": "text_to_3d",
            "model": "test",
            "params": {"prompt": "a vase"},
            "inputs": [],
            "outputs": [self.output(task_id)],
            "deadline_at": "2099-01-01T00:00:00Z",
            "budget_ms": 60_000,
            "heartbeat_ms": 1000,
            **about,
        }

    def output(self, task_id: str, name: str = "raw.glb", format: str = "glb", **about: Any) -> Dict[str, Any]:
        return {
            "name": name,
            "format": format,
            "url": f"{self.url}/store/{task_id}/{name}",
            "max_bytes": 1_000_000,
            "headers": {"content-type": "model/gltf-binary"},
            **about,
        }

    def input(self, name: str, content: bytes, **about: Any) -> Dict[str, Any]:
        self.files[f"/store/inputs/{name}"] = content
        return {
            "name": name,
            "url": f"{self.url}/store/inputs/{name}",
            "content_type": "image/png",
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            **about,
        }

    def of(self, job: Dict[str, Any]) -> List[Dict[str, Any]]:
        """What was reported on a job."""
        return [event for event in list(self.events) if event["task_id"] == job["task_id"]]

    def last_of(self, job: Dict[str, Any]) -> Dict[str, Any]:
        """How a job ended; waits for it."""
        return self.wait_for(job, lambda event: event["type"] in ("succeeded", "failed", "canceled"))

    def wait_for(
        self, job: Dict[str, Any], fits: Callable[[Dict[str, Any]], Any], seconds: float = 30
    ) -> Dict[str, Any]:
        def found() -> Optional[Dict[str, Any]]:
            return next((event for event in self.of(job) if fits(event)), None)

        result: Dict[str, Any] = eventually(found, seconds)
        return result


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """A worker that was killed in the middle of a request."""


def eventually(look: Callable[[], Any], seconds: float = 30) -> Any:
    """The first answer that is not None or False."""
    over_at = time.monotonic() + seconds
    while time.monotonic() < over_at:
        found = look()
        if found:
            return found
        time.sleep(0.01)
    raise AssertionError("it did not come in time")


def _handler(bridge: FakeBridge) -> type:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.headers["Authorization"] != f"Bearer {TOKEN}":
                return self._answer(401)
            if self.path == "/worker/lease":
                return self._lease(body)
            bridge.attempts_to_send.append(body["event_id"])
            bridge.faults += faults_of(body, "ml-event.v1")
            given = bridge.answers(body)
            if given is None or given[0] == 200:
                bridge.events.append(body)
            self._answer(*(given or (200, {}, {"ok": True})))

        def _lease(self, body: Dict[str, Any]) -> None:
            bridge.leases.append(body)
            if bridge.lease_answers:
                return self._answer(*bridge.lease_answers.popleft())
            over_at = time.monotonic() + min(body["wait_seconds"], 1)
            while not bridge.jobs and time.monotonic() < over_at:
                time.sleep(0.01)
            if bridge.jobs:
                return self._answer(200, {}, bridge.jobs.popleft())
            self._answer(204)

        def do_GET(self) -> None:
            if bridge.store_answers:
                return self._answer(bridge.store_answers.popleft())
            content = bridge.files[self.path]
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_PUT(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            if bridge.store_answers:
                return self._answer(bridge.store_answers.popleft())
            bridge.files[self.path] = content
            bridge.stored[self.path] = {name.lower(): value for name, value in self.headers.items()}
            self._answer(200)

        def _answer(
            self, status: int, headers: Optional[Dict[str, str]] = None, body: Optional[Any] = None
        ) -> None:
            content = b"" if body is None else json.dumps(body).encode()
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler
