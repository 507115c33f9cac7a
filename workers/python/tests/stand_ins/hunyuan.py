"""
Hunyuan3D-2 at 9bcf302: hy3dgen/shapegen/pipelines.py:683-763 (signature and loop with `callback` after each step, `i % callback_steps`),
hy3dgen/shapegen/postprocessors.py, hy3dgen/texgen/pipelines.py (`__call__(mesh, image)`), hy3dgen/rembg.py, api_server.py.
Hunyuan3D-2.1 at 82920d6: hy3dshape/hy3dshape/pipelines.py:712-776, hy3dpaint/textureGenPipeline.py (`Hunyuan3DPaintConfig(max_num_view,
resolution)`, `__call__`), hy3dpaint/convert_utils.py.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, Dict, List, Optional

from tests.stand_ins import Calls, Mesh, module


class _ShapePipeline:
    """Hunyuan3DDiTFlowMatchingPipeline."""

    calls: Calls

    @classmethod
    def from_pretrained(cls, model_path: str, **about: Any) -> "_ShapePipeline":
        return cls()

    def enable_flashvdm(self, mc_algo: str = "mc", **_: Any) -> None:
        pass

    def __call__(
        self,
        image: Any = None,
        num_inference_steps: int = 50,
        timesteps: Optional[List[int]] = None,
        sigmas: Optional[List[float]] = None,
        eta: float = 0.0,
        guidance_scale: float = 5.0,
        generator: Any = None,
        box_v: float = 1.01,
        octree_resolution: int = 384,
        mc_level: float = 0.0,
        mc_algo: Optional[str] = None,
        num_chunks: int = 8000,
        output_type: Optional[str] = "trimesh",
        enable_pbar: bool = True,
        **kwargs: Any,
    ) -> List[Mesh]:
        callback: Optional[Callable[[int, Any, Any], None]] = kwargs.pop("callback", None)
        callback_steps = kwargs.pop("callback_steps", None)
        self.calls.note(
            "shape",
            image=image,
            num_inference_steps=num_inference_steps,
            guidance_scale=guidance_scale,
            octree_resolution=octree_resolution,
            num_chunks=num_chunks,
        )
        for i in range(num_inference_steps):
            self.calls.note("step")
            if callback is not None and i % callback_steps == 0:
                callback(i, None, None)
        self.calls.note("decoded")
        return [Mesh(self.calls)]


def _processors(calls: Calls) -> Dict[str, Any]:
    class FaceReducer:
        def __call__(self, mesh: Mesh, max_facenum: int = 40000) -> Mesh:
            calls.note("reduce", max_facenum=max_facenum)
            return mesh

    class Unchanged:
        def __call__(self, mesh: Mesh) -> Mesh:
            return mesh

    return {"FaceReducer": FaceReducer, "FloaterRemover": Unchanged, "DegenerateFaceRemover": Unchanged}


def _background_remover(calls: Calls) -> type:
    class BackgroundRemover:
        def __call__(self, image: Any) -> Any:
            calls.note("remove_background", remove_background=True)
            return image

    return BackgroundRemover


def install_2(calls: Calls) -> None:
    class PaintPipeline:
        @classmethod
        def from_pretrained(cls, model_path: str, subfolder: str = "") -> "PaintPipeline":
            return cls()

        def __call__(self, mesh: Mesh, image: Any) -> Mesh:
            calls.note("paint", texture=True, paint_image=image)
            return mesh

    shape = type("Hunyuan3DDiTFlowMatchingPipeline", (_ShapePipeline,), {"calls": calls})
    module("hy3dgen.rembg", BackgroundRemover=_background_remover(calls))
    module("hy3dgen.shapegen", Hunyuan3DDiTFlowMatchingPipeline=shape, **_processors(calls))
    module("hy3dgen.texgen", Hunyuan3DPaintPipeline=PaintPipeline)


def install_2_1(calls: Calls) -> None:
    class PaintConfig:
        def __init__(self, max_num_view: int, resolution: int) -> None:
            pass

    class PaintPipeline:
        def __init__(self, config: Any = None) -> None:
            pass

        def __call__(
            self,
            mesh_path: Any = None,
            image_path: Any = None,
            output_mesh_path: Any = None,
            use_remesh: bool = True,
            save_glb: bool = True,
        ) -> str:
            calls.note("paint", texture=True, use_remesh=use_remesh, beside=str(Path(mesh_path).parent))
            return str(output_mesh_path)

    def create_glb_with_pbr_materials(obj_path: str, textures_dict: Dict[str, str], output_path: str) -> None:
        calls.note("pbr", textures=textures_dict)
        Path(output_path).write_bytes(b"glTF")

    shape = type("Hunyuan3DDiTFlowMatchingPipeline", (_ShapePipeline,), {"calls": calls})
    module("torchvision_fix", apply_fix=lambda: None)
    module("hy3dshape", **_processors(calls))
    module("hy3dshape.pipelines", Hunyuan3DDiTFlowMatchingPipeline=shape)
    module("hy3dshape.rembg", BackgroundRemover=_background_remover(calls))
    module("textureGenPipeline", Hunyuan3DPaintConfig=PaintConfig, Hunyuan3DPaintPipeline=PaintPipeline)
    module("convert_utils", create_glb_with_pbr_materials=create_glb_with_pbr_materials)
