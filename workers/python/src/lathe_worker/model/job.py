"""A job as the author of a model sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, Mapping, Optional, Tuple

from ..contract.messages import JobMessage, JobOutput
from .errors import BadInput, Unsupported
from .parameters import Parameters, flat


@dataclass(frozen=True)
class Job:
    """
    What is to be made. Its inputs have been downloaded and checked; what is written into `folder` is removed after the job.

    `params` are the parameters in the engine's own names, on one level, without prompt and negative prompt. `files` are the inputs by
    name: `front.png` … for pictures (named after the side they show), `model.glb` for a mesh.
    """

    task_id: str
    attempt: int
    operation: str
    model: Optional[str]
    prompt: Optional[str]
    negative_prompt: Optional[str]
    params: Mapping[str, Any]
    files: Mapping[str, Path]
    outputs: Tuple[JobOutput, ...]
    folder: Path
    #: Numbers for the `metrics` of the report; the author may add some, 24 at most.
    metrics: Dict[str, float] = field(default_factory=dict)

    @property
    def parameters(self) -> Parameters:
        """A fresh reader of `params`, which refuses what is not read."""
        return Parameters(self.params)

    def refuse_words(self) -> None:
        """For a model that takes pictures alone: a prompt is not passed over in silence. Raises Unsupported."""
        if self.prompt or self.negative_prompt:
            raise Unsupported("this model takes no prompt")

    def only_image(self) -> Path:
        """For a model that takes one picture: others are not passed over in silence. Raises Unsupported, and BadInput when there is none."""
        if len(self.images) > 1:
            raise Unsupported("this model takes one picture")
        return self.image

    @property
    def image(self) -> Path:
        """The picture, the front where there are several. Raises BadInput when there is none."""
        pictures = self.images
        if not pictures:
            raise BadInput("this model needs a picture")
        return pictures.get("front") or next(iter(pictures.values()))

    @property
    def images(self) -> Dict[str, Path]:
        """The pictures by the side they show."""
        return {Path(name).stem: path for name, path in self.files.items() if name != "model.glb"}

    @property
    def mesh(self) -> Optional[Path]:
        return self.files.get("model.glb")


def job_of(message: JobMessage, files: Mapping[str, Path], folder: Path) -> Job:
    params = flat(message.params)
    prompt = params.pop("prompt", None)
    negative_prompt = params.pop("negative_prompt", None)
    return Job(
        task_id=message.task_id,
        attempt=message.attempt,
        operation=message.operation,
        model=message.model,
        prompt=prompt,
        negative_prompt=negative_prompt,
        params=params,
        files=files,
        outputs=message.outputs,
        folder=folder,
    )
