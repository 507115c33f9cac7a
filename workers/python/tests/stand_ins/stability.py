"""
TripoSR at d26e331: tsr/system.py (`TSR.from_pretrained`, `forward(image, device)`, `extract_mesh(scene_codes, has_vertex_color, resolution,
threshold)`), tsr/utils.py (`remove_background`, `resize_foreground`, `to_gradio_3d_orientation`), run.py.
Stable Fast 3D at 00c3dab: sf3d/system.py (`run_image`), sf3d/utils.py, run.py.
"""

from __future__ import annotations

from typing import Any, List, Tuple

from tests.stand_ins import Calls, Mesh, module
from tests.stand_ins.basics import Picture


def _utils(calls: Calls) -> Any:
    def remove_background(image: Picture, rembg_session: Any = None, force: bool = False, **_: Any) -> Picture:
        calls.note("remove_background", remove_background=True)
        return image.convert("RGBA")

    def resize_foreground(image: Picture, ratio: float) -> Picture:
        calls.note("resize", foreground_ratio=ratio)
        return image

    return {"remove_background": remove_background, "resize_foreground": resize_foreground}


def install_triposr(calls: Calls) -> None:
    class Renderer:
        def set_chunk_size(self, chunk_size: int) -> None:
            calls.note("chunks", chunk_size=chunk_size)

    class TSR:
        renderer = Renderer()

        @classmethod
        def from_pretrained(cls, path: str, config_name: str, weight_name: str) -> "TSR":
            return cls()

        def to(self, device: str) -> None:
            pass

        def __call__(self, image: List[Any], device: str) -> str:
            calls.note("step")
            return "scene codes"

        def extract_mesh(
            self, scene_codes: Any, has_vertex_color: bool, resolution: int = 256, threshold: float = 25.0
        ) -> List[Mesh]:
            calls.note("extract", mc_resolution=resolution, threshold=threshold, colours=has_vertex_color)
            return [Mesh(calls)]

    module("tsr.system", TSR=TSR)
    module("tsr.utils", to_gradio_3d_orientation=lambda mesh: mesh, **_utils(calls))


def install_stable_fast_3d(calls: Calls) -> None:
    class SF3D:
        @classmethod
        def from_pretrained(cls, path: str, config_name: str, weight_name: str) -> "SF3D":
            return cls()

        def to(self, device: str) -> None:
            pass

        def eval(self) -> None:
            pass

        def run_image(
            self,
            image: Any,
            bake_resolution: int,
            remesh: str = "none",
            vertex_count: int = -1,
            estimate_illumination: bool = False,
        ) -> Tuple[Mesh, Any]:
            calls.note("step")
            calls.note(
                "run_image", texture_resolution=bake_resolution, remesh=remesh, vertex_count=vertex_count
            )
            return Mesh(calls), {}

    module("sf3d.system", SF3D=SF3D)
    module("sf3d.utils", **_utils(calls))
