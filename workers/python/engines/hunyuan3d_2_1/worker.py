"""
Hunyuan3D-2.1 as a worker of Lathe: shape with `hy3dshape`, PBR texture with `hy3dpaint`. Unlike the stock `api_server.py` it honours every
parameter, says when the texture failed, and gives each job a folder of its own (the paint pipeline writes beside its input).

    python -m lathe_worker worker:Worker --url …

The signatures are those of Tencent-Hunyuan/Hunyuan3D-2.1 at 82920d6: `hy3dshape/hy3dshape/pipelines.py`, `hy3dpaint/textureGenPipeline.py`
(`__call__(mesh_path, image_path, output_mesh_path, use_remesh, save_glb)`), `hy3dpaint/convert_utils.py`, `demo.py`.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Callable, Dict

import torch
from torchvision_fix import apply_fix

apply_fix()  # of their own, for what comes next: torchvision took away a module that basicsr imports

from convert_utils import create_glb_with_pbr_materials
from hy3dshape import DegenerateFaceRemover, FaceReducer, FloaterRemover
from hy3dshape.pipelines import Hunyuan3DDiTFlowMatchingPipeline
from hy3dshape.rembg import BackgroundRemover
from PIL import Image
from textureGenPipeline import Hunyuan3DPaintConfig, Hunyuan3DPaintPipeline

from lathe_worker import Artifact, Job, Progress, Unsupported

MODEL = os.environ.get("HUNYUAN_MODEL", "tencent/Hunyuan3D-2.1")
#: Off on cards with less than 21 GB.
HAS_TEXTURE = os.environ.get("HUNYUAN_TEXTURE", "true") == "true"
#: Views that the texture is painted from (6 to 9), and their size (512 or 768): both cost memory.
VIEWS = int(os.environ.get("HUNYUAN_TEXTURE_VIEWS", "6"))
VIEW_SIZE = int(os.environ.get("HUNYUAN_TEXTURE_VIEW_SIZE", "512"))
SOURCES = Path(os.environ.get("HUNYUAN_SOURCES", "."))
DEVICE = "cuda"

#: Parts of the pipeline that report nothing, in seconds.
START_DEADLINE = 100
DECODE_DEADLINE = 240
CLEANING_DEADLINE = 240
TEXTURE_DEADLINE = 900


class Worker:
    """Both pipelines, on one GPU."""

    def __init__(self) -> None:
        self.remove_background = BackgroundRemover()
        self.shape = Hunyuan3DDiTFlowMatchingPipeline.from_pretrained(MODEL)
        self.paint = Hunyuan3DPaintPipeline(_paint_config()) if HAS_TEXTURE else None

    def generate(self, job: Job, progress: Progress) -> Artifact:
        """A GLB, with PBR textures unless `texture` is off."""
        job.refuse_words()
        parameters = job.parameters
        has_texture = parameters.flag("texture", HAS_TEXTURE)
        face_count = parameters.whole("face_count", 40_000, 1_000, 100_000)
        is_cut_out = parameters.flag("remove_background", True)
        seed = parameters.whole("seed", 1234, 0, 2**32 - 1)
        settings = {
            "num_inference_steps": parameters.whole("num_inference_steps", 25, 1, 100),
            "guidance_scale": parameters.number("guidance_scale", 5.0, 0.1, 20),
            "octree_resolution": parameters.whole("octree_resolution", 256, 64, 512),
            "num_chunks": parameters.whole("num_chunks", 8_000, 1_000, 20_000),
        }
        parameters.refuse_the_rest()
        if has_texture and not self.paint:
            raise Unsupported("this worker has no texture pipeline")
        image = job.only_image()
        with progress.stage("background", 1, deadline_seconds=START_DEADLINE):
            picture = Image.open(image).convert("RGBA")
            if is_cut_out:
                picture = self.remove_background(picture)
        mesh = self._shaped(picture, settings, seed, progress)
        with progress.stage("cleaning", 50, deadline_seconds=CLEANING_DEADLINE):
            mesh = DegenerateFaceRemover()(FloaterRemover()(mesh))
            mesh = FaceReducer()(mesh, max_facenum=face_count)
        path = job.folder / "result.glb"
        if has_texture:
            self._paint(mesh, picture, path, progress)
        else:
            mesh.export(str(path))
        return Artifact(path, meta={"engine": "hunyuan3d-2.1", "model": MODEL, "seed": seed})

    def _shaped(self, picture: Any, settings: Dict[str, Any], seed: int, progress: Progress) -> Any:
        """Reports every step of the diffusion; what comes before the first and after the last one is silent."""
        progress.silence("shape", 3, deadline_seconds=START_DEADLINE)
        return self.shape(
            image=picture,
            generator=torch.Generator(DEVICE).manual_seed(seed),
            output_type="trimesh",
            enable_pbar=False,
            callback=_steps(progress, settings["num_inference_steps"]),
            callback_steps=1,
            **settings,
        )[0]

    def _paint(self, mesh: Any, picture: Any, glb: Path, progress: Progress) -> None:
        """`use_remesh` is off, as it would bring the mesh to another number of faces than was asked for."""
        bare, painted = glb.with_name("bare.obj"), glb.with_name("painted.obj")
        mesh.export(str(bare))
        with progress.stage("texture", 55, deadline_seconds=TEXTURE_DEADLINE):
            written = self.paint(
                mesh_path=str(bare),
                image_path=picture,
                output_mesh_path=str(painted),
                use_remesh=False,
                save_glb=False,
            )
        textures = {
            "albedo": written.replace(".obj", ".jpg"),
            "metallic": written.replace(".obj", "_metallic.jpg"),
            "roughness": written.replace(".obj", "_roughness.jpg"),
        }
        with progress.stage("export", 96, deadline_seconds=START_DEADLINE):
            create_glb_with_pbr_materials(written, textures, str(glb))


def _paint_config() -> Any:
    config = Hunyuan3DPaintConfig(VIEWS, VIEW_SIZE)
    config.realesrgan_ckpt_path = str(SOURCES / "hy3dpaint/ckpt/RealESRGAN_x4plus.pth")
    config.multiview_cfg_path = str(SOURCES / "hy3dpaint/cfgs/hunyuan-paint-pbr.yaml")
    config.custom_pipeline = str(SOURCES / "hy3dpaint/hunyuanpaintpbr")
    return config


def _steps(progress: Progress, steps: int) -> Callable[[int, Any, Any], None]:
    def on_step(step: int, _timestep: Any, _outputs: Any) -> None:
        progress(3 + 37 * (step + 1) / steps, "shape")
        if step + 1 >= steps:
            progress.silence("decode", 40, deadline_seconds=DECODE_DEADLINE)

    return on_step
