"""
Stand-ins for the packages that the engines import: the same names and signatures, and what they were called with is written down. They make
no models. Each says where its signatures were read.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, Dict, List

ENGINES = Path(__file__).parent.parent.parent / "engines"


class Calls(List[Dict[str, Any]]):
    """What a stand-in was called with, in order."""

    def note(self, what: str, **about: Any) -> None:
        self.append({"what": what, **about})

    def of(self, what: str) -> List[Dict[str, Any]]:
        return [call for call in self if call["what"] == what]

    def merged(self) -> Dict[str, Any]:
        """Every argument that was seen, by name; a later one wins."""
        seen: Dict[str, Any] = {}
        for call in self:
            seen.update(call)
        return seen


class Mesh:
    """Stands for a trimesh.Trimesh (`export(file_obj, **kwargs)`)."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self.is_empty = False
        self.vertices = self.faces = self.attrs = self.coords = None

    def export(self, path: str, **about: Any) -> None:
        self._calls.note("export", export=about)
        Path(path).write_bytes(b"glTF")


def module(name: str, **contents: Any) -> ModuleType:
    """Puts a module in place, and into its parent."""
    made = ModuleType(name)
    made.__dict__.update(contents)
    sys.modules[name] = made
    parent, _, child = name.rpartition(".")
    if parent:
        if parent not in sys.modules:
            module(parent)
        setattr(sys.modules[parent], child, made)
    return made


def load_engine(name: str) -> ModuleType:
    """The engine's `worker.py`, with whatever packages are in place now."""
    path = ENGINES / name / "worker.py"
    spec = importlib.util.spec_from_file_location(f"engine_{name}", path)
    assert spec and spec.loader
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded
