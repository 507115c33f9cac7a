"""As much of JSON Schema 2020-12 as the published schemas of the worker contract use; any other keyword is an error."""

from __future__ import annotations

import json
import re
import uuid
from datetime import datetime
from pathlib import Path
from typing import Any, Callable, Dict, List
from urllib.parse import urlsplit

SCHEMAS = Path(__file__).parents[3] / "libs/worker-contract/src/schemas"

_SILENT = {"$schema", "$id", "$defs", "title", "description", "default", "then"}
_TYPES: Dict[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
}


def faults_of(value: Any, name: str) -> List[str]:
    """What keeps a message from fitting the published schema of this name, such as `ml-event.v1`."""
    schema = json.loads((SCHEMAS / f"{name}.json").read_text())
    return _Check(schema).faults(schema, value, "")


class _Check:
    def __init__(self, root: Dict[str, Any]) -> None:
        self._root = root

    def faults(self, schema: Dict[str, Any], value: Any, place: str) -> List[str]:
        found: List[str] = []
        for keyword, expected in schema.items():
            if keyword in _SILENT:
                continue
            check = getattr(self, "_" + keyword.lstrip("$"), None)
            if check is None:
                raise NotImplementedError(keyword)
            found += check(expected, value, place, schema)
        return found

    def _type(self, expected: str, value: Any, place: str, _: Any) -> List[str]:
        return [] if _TYPES[expected](value) else [f"{place} is no {expected}"]

    def _const(self, expected: Any, value: Any, place: str, _: Any) -> List[str]:
        return [] if value == expected else [f"{place} is not {expected!r}"]

    def _enum(self, expected: List[Any], value: Any, place: str, _: Any) -> List[str]:
        return [] if value in expected else [f"{place} is none of {expected}"]

    def _required(self, expected: List[str], value: Any, place: str, _: Any) -> List[str]:
        return [f"{place}/{name} is missing" for name in expected if name not in value]

    def _properties(self, expected: Dict[str, Any], value: Any, place: str, _: Any) -> List[str]:
        given = [(name, schema) for name, schema in expected.items() if name in value]
        return [fault for name, schema in given for fault in self.faults(schema, value[name], f"{place}/{name}")]

    def _additionalProperties(self, expected: Any, value: Any, place: str, schema: Any) -> List[str]:
        more = [name for name in value if name not in schema.get("properties", {})]
        if expected is False:
            return [f"{place}/{name} is unknown" for name in more]
        return [fault for name in more for fault in self.faults(expected, value[name], f"{place}/{name}")]

    _unevaluatedProperties = _additionalProperties

    def _items(self, expected: Dict[str, Any], value: Any, place: str, _: Any) -> List[str]:
        return [fault for at, item in enumerate(value) for fault in self.faults(expected, item, f"{place}/{at}")]

    def _pattern(self, expected: str, value: Any, place: str, _: Any) -> List[str]:
        return [] if re.search(expected.replace("$", r"\Z"), value) else [f"{place} is not of its form"]

    def _format(self, expected: str, value: Any, place: str, _: Any) -> List[str]:
        try:
            if expected == "uuid":
                uuid.UUID(value)
            elif expected == "date-time":
                assert datetime.fromisoformat(value.replace("Z", "+00:00")).tzinfo
            else:
                assert expected == "uri" and urlsplit(value).scheme
        except (AssertionError, ValueError):
            return [f"{place} is no {expected}"]
        return []

    def _maxLength(self, expected: int, value: Any, place: str, _: Any) -> List[str]:
        return [] if len(value) <= expected else [f"{place} is too long"]

    _maxItems = _maxProperties = _maxLength

    def _minItems(self, expected: int, value: Any, place: str, _: Any) -> List[str]:
        return [] if len(value) >= expected else [f"{place} has too few"]

    def _minimum(self, expected: float, value: Any, place: str, _: Any) -> List[str]:
        return [] if value >= expected else [f"{place} is too small"]

    def _maximum(self, expected: float, value: Any, place: str, _: Any) -> List[str]:
        return [] if value <= expected else [f"{place} is too large"]

    def _ref(self, expected: str, value: Any, place: str, _: Any) -> List[str]:
        return self.faults(self._root["$defs"][expected.rsplit("/", 1)[1]], value, place)

    def _allOf(self, expected: List[Any], value: Any, place: str, _: Any) -> List[str]:
        return [fault for schema in expected for fault in self.faults(schema, value, place)]

    def _if(self, expected: Dict[str, Any], value: Any, place: str, schema: Any) -> List[str]:
        return [] if self.faults(expected, value, place) else self.faults(schema["then"], value, place)
