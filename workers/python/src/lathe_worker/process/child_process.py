"""The parent's handle on the process that holds the model."""

from __future__ import annotations

import multiprocessing
import signal
from multiprocessing.connection import wait
from typing import Any, Optional, Union

from ..model.engine import Target
from ..model.errors import ModelError, OutOfMemory, WorkerError
from .child import Message, Pipe, Ready, StopWork, Work, serve
from .memory import resident_mib


class LoadFailure(RuntimeError):
    """The process ended before the model was ready. Its log says why."""


class Died:
    """The process has ended in the middle of a job."""

    def __init__(self, exit_code: Optional[int]) -> None:
        self.exit_code = exit_code

    def error(self) -> WorkerError:
        """SIGKILL that we did not send is nearly always the kernel's out-of-memory killer."""
        if self.exit_code == -signal.SIGKILL:
            return OutOfMemory("the process was killed by SIGKILL, probably for want of memory")
        return ModelError(f"the process ended with {self.exit_code}")


class ChildProcess:
    """Started with `spawn`: it inherits no lock, no connection and no CUDA context."""

    def __init__(self, target: Target, log_level: str = "INFO") -> None:
        context = multiprocessing.get_context("spawn")
        self._connection: Pipe
        self._connection, other_end = context.Pipe()
        self._process = context.Process(
            target=serve, args=(other_end, target, log_level), name="lathe-worker-model"
        )
        self._process.start()
        other_end.close()
        self.jobs_begun = 0
        self.is_unusable = False
        self.mib_after_first_job: Optional[float] = None

    @property
    def is_alive(self) -> bool:
        return self._process.is_alive()

    @property
    def resident_mib(self) -> Optional[float]:
        return resident_mib(self._process.pid or 0)

    def wait_until_ready(self) -> None:
        """However long the model takes to load. Raises LoadFailure."""
        first = self.receive(None)
        if not isinstance(first, Ready):
            raise LoadFailure("the process that should hold the model could not load it")

    def begin(self, work: Work) -> None:
        """Raises OSError when the process is gone."""
        self._connection.send(work)
        self.jobs_begun += 1

    def receive(self, seconds: Optional[float]) -> Union[Message, Died, None]:
        """The next word of the process, or None when there is none within the time."""
        wait([self._connection, self._process.sentinel], seconds)
        try:
            if self._connection.poll():
                word: Message = self._connection.recv()
                return word
        except (EOFError, OSError):
            self._process.join(5)
            return Died(self._process.exitcode)
        return None if self._process.is_alive() else Died(self._process.exitcode)

    def ask_to_stop(self, job: Any) -> None:
        try:
            self._connection.send(StopWork(job))
        except OSError:
            pass  # it is gone, which is what was wanted

    def terminate(self) -> None:
        self._process.terminate()

    def kill(self) -> None:
        """Gone for sure when this returns."""
        self._process.kill()
        self._process.join()

    def close(self) -> None:
        """Lets it end by itself between two jobs; kills it when it does not."""
        self._connection.close()
        self._process.join(5)
        if self._process.is_alive():
            self.kill()
