"""
Hunyuan3D-2 (also 2mini and 2mv) as a worker of Lathe: calls the pipelines of `hy3dgen` as their `api_server.py` does.

    python -m lathe_worker worker:Worker --url …

The signatures are those of Tencent-Hunyuan/Hunyuan3D-2 at 9bcf302: `hy3dgen/shapegen/pipelines.py` (`callback(step, t, outputs)` once per
diffusion step with `callback_steps=1`), `hy3dgen/texgen/pipelines.py`.
"""

from __future__ import annotations

import os
from typing import Any, Callable, Dict

import torch
from hy3dgen.rembg import BackgroundRemover
from hy3dgen.shapegen import (
    DegenerateFaceRemover,
    FaceReducer,
    FloaterRemover,
    Hunyuan3DDiTFlowMatchingPipeline,
)
from hy3dgen.texgen import Hunyuan3DPaintPipeline
from PIL import Image

from lathe_worker import Artifact, Job, Progress, Unsupported

MODEL = os.environ.get("HUNYUAN_MODEL", "tencent/Hunyuan3D-2mini")
SUBFOLDER = os.environ.get("HUNYUAN_SUBFOLDER", "hunyuan3d-dit-v2-mini-turbo")
TEXTURE_MODEL = os.environ.get("HUNYUAN_TEXTURE_MODEL", "tencent/Hunyuan3D-2")
#: Off on cards with less than 16 GB.
HAS_TEXTURE = os.environ.get("HUNYUAN_TEXTURE", "true") == "true"
#: Whether the model is of the multi-view kind (Hunyuan3D-2mv).
IS_MULTIVIEW = "2mv" in MODEL
DEVICE = "cuda"

#: Parts of the pipeline that report nothing, in seconds.
START_DEADLINE = 100
DECODE_DEADLINE = 180
CLEANING_DEADLINE = 240
TEXTURE_DEADLINE = 600


class Worker:
    """Both pipelines, on one GPU."""

    def __init__(self) -> None:
        self.remove_background = BackgroundRemover()
        self.shape = Hunyuan3DDiTFlowMatchingPipeline.from_pretrained(
            MODEL, subfolder=SUBFOLDER, use_safetensors=True, device=DEVICE
        )
        self.shape.enable_flashvdm(mc_algo="mc")
        self.paint = Hunyuan3DPaintPipeline.from_pretrained(TEXTURE_MODEL) if HAS_TEXTURE else None

    def generate(self, job: Job, progress: Progress) -> Artifact:
        """A GLB, textured unless `texture` is off."""
        job.refuse_words()
        parameters = job.parameters
        has_texture = parameters.flag("texture", HAS_TEXTURE)
        face_count = parameters.whole("face_count", 40_000, 1_000, 1_000_000)
        is_cut_out = parameters.flag("remove_background", True)
        seed = parameters.whole("seed", 1234, 0, 2**32 - 1)
        settings = {
            "num_inference_steps": parameters.whole("num_inference_steps", 5, 1, 100),
            "guidance_scale": parameters.number("guidance_scale", 5.0, 0.1, 20),
            "octree_resolution": parameters.whole("octree_resolution", 256, 64, 512),
            "num_chunks": parameters.whole("num_chunks", 8_000, 1_000, 200_000),
        }
        parameters.refuse_the_rest()
        if has_texture and not self.paint:
            raise Unsupported("this worker has no texture pipeline")
        with progress.stage("background", 1, deadline_seconds=START_DEADLINE):
            pictures = self._pictures(job, is_cut_out)
        mesh = self._shaped(pictures, settings, seed, progress)
        with progress.stage("cleaning", 60, deadline_seconds=CLEANING_DEADLINE):
            mesh = DegenerateFaceRemover()(FloaterRemover()(mesh))
            mesh = FaceReducer()(mesh, max_facenum=face_count)
        if has_texture:
            with progress.stage("texture", 65, deadline_seconds=TEXTURE_DEADLINE):
                mesh = self.paint(mesh, list(pictures.values()))
        path = job.folder / "result.glb"
        with progress.stage("export", 97, deadline_seconds=START_DEADLINE):
            mesh.export(str(path))
        return Artifact(path, meta={"engine": "hunyuan3d-2", "model": MODEL, "seed": seed})

    def _pictures(self, job: Job, is_cut_out: bool) -> Dict[str, Any]:
        paths = job.images if IS_MULTIVIEW else {"front": job.only_image()}
        pictures = {side: Image.open(path).convert("RGBA") for side, path in paths.items()}
        if not is_cut_out:
            return pictures
        return {side: self.remove_background(picture) for side, picture in pictures.items()}

    def _shaped(
        self, pictures: Dict[str, Any], settings: Dict[str, Any], seed: int, progress: Progress
    ) -> Any:
        """Reports every step of the diffusion; what comes before the first and after the last one is silent."""
        progress.silence("shape", 3, deadline_seconds=START_DEADLINE)
        return self.shape(
            image=pictures if IS_MULTIVIEW else pictures["front"],
            generator=torch.Generator(DEVICE).manual_seed(seed),
            mc_algo="mc",
            output_type="trimesh",
            enable_pbar=False,
            callback=_steps(progress, settings["num_inference_steps"]),
            callback_steps=1,
            **settings,
        )[0]


def _steps(progress: Progress, steps: int) -> Callable[[int, Any, Any], None]:
    def on_step(step: int, _timestep: Any, _outputs: Any) -> None:
        progress(3 + 42 * (step + 1) / steps, "shape")
        if step + 1 >= steps:
            progress.silence("decode", 45, deadline_seconds=DECODE_DEADLINE)

    return on_step
