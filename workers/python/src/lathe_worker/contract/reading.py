"""Reads the fields of a message, each as what it has to be. Every function raises ContractViolation."""

from __future__ import annotations

import json
import re
from typing import Any, Dict, List, Mapping, Union

NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}\Z")
SHA256 = re.compile(r"[0-9a-f]{64}\Z")


class ContractViolation(ValueError):
    """A message that is not what the contract says. It names the field."""


def object_of(message: Union[bytes, str, Mapping[str, Any]]) -> Dict[str, Any]:
    if isinstance(message, Mapping):
        return dict(message)
    try:
        content = json.loads(message)
    except ValueError as error:
        raise ContractViolation("not JSON") from error
    if not isinstance(content, dict):
        raise ContractViolation("not an object")
    return content


def version_of(message: Mapping[str, Any], *known: int) -> int:
    version = message.get("v")
    if isinstance(version, bool) or version not in known:
        raise ContractViolation(f"version {version!r} is not known")
    return int(version)


def text_of(about: Mapping[str, Any], name: str, limit: int) -> str:
    value = about.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= limit:
        raise ContractViolation(f"{name} must be text of 1 to {limit} characters")
    return value


def matching_of(about: Mapping[str, Any], name: str, pattern: "re.Pattern[str]") -> str:
    value = about.get(name)
    if not isinstance(value, str) or not pattern.match(value):
        raise ContractViolation(f"{name} is not of its form")
    return value


def name_of(about: Mapping[str, Any]) -> str:
    return matching_of(about, "name", NAME)


def whole_of(about: Mapping[str, Any], name: str, least: int) -> int:
    value = about.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ContractViolation(f"{name} must be a whole number of at least {least}")
    return value


def mapping_of(about: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = about.get(name)
    if not isinstance(value, dict):
        raise ContractViolation(f"{name} must be an object")
    return value


def list_of(about: Mapping[str, Any], name: str, least: int) -> List[Mapping[str, Any]]:
    value = about.get(name)
    if not isinstance(value, list) or not least <= len(value) <= 16:
        raise ContractViolation(f"{name} must be a list of {least} to 16")
    if not all(isinstance(entry, dict) for entry in value):
        raise ContractViolation(f"{name} must hold objects")
    return value
