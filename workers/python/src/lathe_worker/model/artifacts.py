"""What a model made, and which output of the job it is."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterable, List, Mapping, Optional, Sequence, Tuple, Union

from ..contract.messages import JobOutput
from .errors import OutputRejected


@dataclass(frozen=True)
class Artifact:
    """
    A file that a model made: where it is, or its bytes. Without a `name` it is the first output of its format. `meta` of the GLB becomes
    the quality report of the task: JSON of at most 65,536 characters.
    """

    content: Union[str, "os.PathLike[str]", bytes]
    format: str = "glb"
    name: Optional[str] = None
    meta: Optional[Mapping[str, Any]] = None

    @property
    def readable(self) -> Union[bytes, Path]:
        return self.content if isinstance(self.content, bytes) else Path(self.content)


Made = Union[Artifact, Iterable[Artifact]]


def matched(made: Made, outputs: Sequence[JobOutput]) -> List[Tuple[JobOutput, Artifact]]:
    """
    Each artifact with the output it is for. One that nobody asked for is left out. Raises OutputRejected when a required output has no
    artifact, or when there is none at all.
    """
    artifacts = [made] if isinstance(made, Artifact) else list(made)
    pairs: List[Tuple[JobOutput, Artifact]] = []
    left = list(outputs)
    for artifact in sorted(artifacts, key=lambda each: each.name is None):
        output = next((each for each in left if _fits(each, artifact)), None)
        if output:
            left.remove(output)
            pairs.append((output, artifact))
    missing = [output.name for output in left if output.required]
    if missing or not pairs:
        made_of = ", ".join(artifact.format for artifact in artifacts) or "nothing"
        raise OutputRejected(f"missing {', '.join(missing) or 'every output'}; the model made {made_of}")
    return pairs


def _fits(output: JobOutput, artifact: Artifact) -> bool:
    return output.format == artifact.format and artifact.name in (None, output.name)
