"""
TRELLIS.2 as a worker of Lathe: `Trellis2ImageTo3DPipeline.run`, then `o_voxel.postprocess.to_glb` as its `app.py` does.

    python -m lathe_worker worker:Worker --url …

The pipeline has no callback; its samplers walk their steps with `tqdm` (`trellis2/pipelines/samplers/flow_euler.py`), which is replaced here
by one that reports. Textures are WebP (EXT_texture_webp). The signatures are those of microsoft/TRELLIS.2 at 5565d24.
"""

from __future__ import annotations

import os
from typing import Any, Dict, Iterable, Iterator, List, Sized

import o_voxel
from PIL import Image
from trellis2.pipelines import Trellis2ImageTo3DPipeline
from trellis2.pipelines.samplers import flow_euler

from lathe_worker import Artifact, Job, Parameters, Progress, Unsupported

MODEL = os.environ.get("TRELLIS_MODEL", "microsoft/TRELLIS.2-4B")

#: As app.py has them; from 1024 on the shape is sampled twice, coarse and fine.
PIPELINE_TYPES = {512: "512", 1024: "1024_cascade", 1536: "1536_cascade"}
SAMPLERS = {
    "sparse_structure": (12, 7.5, 0.7, 5.0),
    "shape_slat": (12, 7.5, 0.5, 3.0),
    "tex_slat": (12, 1.0, 0.0, 3.0),
}

#: Parts of the pipeline that report nothing, in seconds.
PAUSE_DEADLINE = 100
DECODE_DEADLINE = 180
EXPORT_DEADLINE = 600


class Worker:
    """The pipeline, on one GPU."""

    def __init__(self) -> None:
        self.pipeline = Trellis2ImageTo3DPipeline.from_pretrained(MODEL)
        self.pipeline.cuda()

    def generate(self, job: Job, progress: Progress) -> Artifact:
        """A GLB with PBR textures."""
        job.refuse_words()
        parameters = job.parameters
        resolution = parameters.whole("resolution", 1024)
        seed = parameters.whole("seed", 42, 0, 2**31 - 1)
        is_prepared = parameters.flag("remove_background", True)
        max_tokens = parameters.whole("max_num_tokens", 49_152, 1_024, 200_000)
        export = {
            "decimation_target": parameters.whole("decimation_target", 500_000, 1_000, 1_000_000),
            "texture_size": parameters.whole("texture_size", 2_048, 512, 4_096),
            "remesh": parameters.flag("remesh", True),
        }
        samplers = {f"{name}_sampler_params": _sampler(parameters, name) for name in SAMPLERS}
        parameters.refuse_the_rest()
        if resolution not in PIPELINE_TYPES:
            raise Unsupported("resolution must be 512, 1024 or 1536")
        image = job.only_image()
        progress(1, "background")
        picture = Image.open(image).convert("RGBA")
        kind = PIPELINE_TYPES[resolution]
        with _reporting(_passes(kind), progress):
            progress.silence("background", 1, deadline_seconds=PAUSE_DEADLINE)
            [mesh], (_, _, grid_size) = self.pipeline.run(
                picture,
                seed=seed,
                preprocess_image=is_prepared,
                return_latent=True,
                pipeline_type=kind,
                max_num_tokens=max_tokens,
                **samplers,
            )
        with progress.stage("export", 70, deadline_seconds=EXPORT_DEADLINE):
            glb = self._exported(mesh, grid_size, export)
            path = job.folder / "result.glb"
            glb.export(str(path), extension_webp=True)
        return Artifact(path, meta={"engine": "trellis2", "model": MODEL, "seed": seed})

    def _exported(self, mesh: Any, grid_size: int, settings: Dict[str, Any]) -> Any:
        return o_voxel.postprocess.to_glb(
            vertices=mesh.vertices,
            faces=mesh.faces,
            attr_volume=mesh.attrs,
            coords=mesh.coords,
            attr_layout=self.pipeline.pbr_attr_layout,
            grid_size=grid_size,
            aabb=[[-0.5, -0.5, -0.5], [0.5, 0.5, 0.5]],
            remesh_band=1,
            remesh_project=0,
            use_tqdm=False,
            **settings,
        )


def _sampler(parameters: Parameters, name: str) -> Dict[str, Any]:
    """`<name>_steps` and so on, in the words of the samplers."""
    steps, strength, rescale, rescale_t = SAMPLERS[name]
    return {
        "steps": parameters.whole(f"{name}_steps", steps, 1, 50),
        "guidance_strength": parameters.number(f"{name}_guidance_strength", strength, 0, 20),
        "guidance_rescale": parameters.number(f"{name}_guidance_rescale", rescale, 0, 1),
        "rescale_t": parameters.number(f"{name}_rescale_t", rescale_t, 1, 6),
    }


def _passes(kind: str) -> List[str]:
    """What the samplers make, one after the other."""
    shapes = ["shape", "shape"] if "cascade" in kind else ["shape"]
    return ["structure", *shapes, "texture"]


class _reporting:
    """While it lasts, the steps of the samplers are progress; what the pipeline does between them and after the last is silent."""

    def __init__(self, passes: List[str], progress: Progress) -> None:
        self._passes = passes
        self._progress = progress
        self._done = 0

    def __enter__(self) -> None:
        self._real = flow_euler.tqdm
        flow_euler.tqdm = self._steps

    def __exit__(self, *_: object) -> None:
        flow_euler.tqdm = self._real

    def _steps(self, steps: Iterable[Any], *_: Any, **__: Any) -> Iterator[Any]:
        stage = self._passes[min(self._done, len(self._passes) - 1)]
        count = len(steps) if isinstance(steps, Sized) else 0
        for index, step in enumerate(steps):
            part = (self._done + (index / count if count else 0)) / len(self._passes)
            self._progress(2 + 58 * part, stage)
            yield step
        self._done += 1
        percent = 2 + 58 * min(1, self._done / len(self._passes))
        is_last = self._done >= len(self._passes)
        name, deadline = ("decode", DECODE_DEADLINE) if is_last else (self._passes[self._done], PAUSE_DEADLINE)
        self._progress.silence(name, percent, deadline_seconds=deadline)
