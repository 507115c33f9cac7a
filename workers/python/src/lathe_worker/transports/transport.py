"""What the runner needs of a way to the bridge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Optional, Protocol

from ..contract.events import Event
from ..contract.messages import JobMessage

#: Why to stop when the bridge says that the attempt is not this worker's: it wants no more events of it.
REFUSED = "refused"


class NotAllowed(RuntimeError):
    """The bridge does not know this worker. Trying again does not help."""


class Unreachable(RuntimeError):
    """An event could not be delivered in the time there was for it."""


@dataclass(frozen=True)
class Delivery:
    """A job that came. `taken` is called once the bridge has `accepted`, `given_back` when it could not be told."""

    job: JobMessage
    received_at: float
    taken: Callable[[], None] = lambda: None
    given_back: Callable[[], None] = lambda: None


class Transport(Protocol):
    """A way to the bridge. Nothing of it is called from two threads."""

    def next_job(self) -> Optional[Delivery]:
        """Waits for a job, for some seconds. Raises NotAllowed."""

    def deliver(self, event: Event, give_up: Callable[[], bool]) -> Optional[str]:
        """
        Returns when the bridge has the event: with a reason to stop the attempt, or None. The same event is sent until it is answered.
        Raises NotAllowed, and Unreachable once `give_up` says so.
        """

    def tell(self, progress: Callable[[], Event]) -> None:
        """
        Sends progress soon. What is not on its way yet is replaced by the next: the event is made when it is sent, so that none is missing
        in the numbers.
        """

    def stop_reason(self, job: JobMessage) -> Optional[str]:
        """Why the attempt is to be stopped, or None. To be called often: it keeps the connection alive. Raises NotAllowed."""

    def close(self) -> None:
        """Lets go of the connection, if there is one; `next_job` makes another."""
