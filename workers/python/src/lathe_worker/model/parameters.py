"""Parameters are honoured or refused, never dropped."""

from __future__ import annotations

import math
from typing import Any, Dict, Mapping, Optional, Sequence, Set

from .errors import BadInput, Unsupported


class Parameters:
    """
    Reads the parameters of a job one by one, and remembers which were asked for: `refuse_the_rest` raises Unsupported for every other.
    A value that is not of its kind or range is BadInput. None counts as left out.
    """

    def __init__(self, given: Mapping[str, Any]) -> None:
        self._given = {name: value for name, value in given.items() if value is not None}
        self._read: Set[str] = set()

    def whole(
        self, name: str, default: int, least: Optional[int] = None, most: Optional[int] = None
    ) -> int:
        value = self._take(name, default)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise BadInput(f"{name} must be a whole number")
        self._within(name, value, least, most)
        return value

    def number(
        self, name: str, default: float, least: Optional[float] = None, most: Optional[float] = None
    ) -> float:
        value = self._take(name, default)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            raise BadInput(f"{name} must be a number")
        self._within(name, value, least, most)
        return float(value)

    def flag(self, name: str, default: bool) -> bool:
        value = self._take(name, default)
        if not isinstance(value, bool):
            raise BadInput(f"{name} must be true or false")
        return value

    def choice(self, name: str, default: str, choices: Sequence[str]) -> str:
        value = self._take(name, default)
        if value not in choices:
            raise BadInput(f"{name} must be one of {', '.join(choices)}")
        return str(value)

    def refuse_the_rest(self) -> None:
        """Call it when all that the model knows has been read. Raises Unsupported."""
        unknown = sorted(set(self._given) - self._read)
        if unknown:
            raise Unsupported(f"unknown parameters: {', '.join(unknown)}")

    def _take(self, name: str, default: Any) -> Any:
        self._read.add(name)
        return self._given.get(name, default)

    @staticmethod
    def _within(name: str, value: float, least: Optional[float], most: Optional[float]) -> None:
        if (least is not None and value < least) or (most is not None and value > most):
            raise BadInput(f"{name} must be between {least} and {most}")


def flat(params: Mapping[str, Any]) -> Dict[str, Any]:
    """All parameters on one level: what is in `model_params` beside the rest, over it where a name is in both."""
    own = params.get("model_params")
    rest = {name: value for name, value in params.items() if name != "model_params"}
    return {**rest, **own} if isinstance(own, Mapping) else rest
