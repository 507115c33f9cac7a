"""
TRELLIS.2 at 5565d24: trellis2/pipelines/trellis2_image_to_3d.py:489-599 (`run`, which samplers run for which `pipeline_type`),
trellis2/pipelines/samplers/flow_euler.py:120 (`for t, t_prev in tqdm(t_pairs, desc=tqdm_desc, disable=not verbose)`), app.py:493-512
(`to_glb`, `export(path, extension_webp=True)`).
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from tests.stand_ins import Calls, Mesh, module


def install(calls: Calls) -> None:
    flow_euler = module("trellis2.pipelines.samplers.flow_euler", tqdm=lambda steps, **_: steps)

    def sample(name: str, params: Dict[str, Any]) -> None:
        calls.note("sample", **{f"{name}_{key}": value for key, value in params.items()})
        t_pairs = [(step, step + 1) for step in range(params["steps"])]
        for _ in flow_euler.tqdm(t_pairs, desc="Sampling", disable=False):
            calls.note("step")

    class Pipeline:
        pbr_attr_layout = {"base_color": slice(0, 3)}

        @classmethod
        def from_pretrained(cls, path: str) -> "Pipeline":
            return cls()

        def cuda(self) -> None:
            pass

        def run(
            self,
            image: Any,
            num_samples: int = 1,
            seed: int = 42,
            sparse_structure_sampler_params: Dict[str, Any] = {},
            shape_slat_sampler_params: Dict[str, Any] = {},
            tex_slat_sampler_params: Dict[str, Any] = {},
            preprocess_image: bool = True,
            return_latent: bool = False,
            pipeline_type: Optional[str] = None,
            max_num_tokens: int = 49152,
        ) -> Any:
            if pipeline_type not in ("512", "1024", "1024_cascade", "1536_cascade"):
                raise ValueError(f"Invalid pipeline type: {pipeline_type}")
            calls.note(
                "run",
                seed=seed,
                remove_background=preprocess_image,
                pipeline_type=pipeline_type,
                max_num_tokens=max_num_tokens,
            )
            sample("sparse_structure", sparse_structure_sampler_params)
            for _ in range(2 if "cascade" in pipeline_type else 1):
                sample("shape_slat", shape_slat_sampler_params)
            sample("tex_slat", tex_slat_sampler_params)
            calls.note("decoded")
            meshes: List[Mesh] = [Mesh(calls)]
            return (meshes, ("shape", "texture", int(pipeline_type.split("_")[0]))) if return_latent else meshes

    def to_glb(
        vertices: Any,
        faces: Any,
        attr_volume: Any,
        coords: Any,
        attr_layout: Any,
        aabb: Any,
        voxel_size: Any = None,
        grid_size: Any = None,
        decimation_target: int = 1000000,
        texture_size: int = 2048,
        remesh: bool = False,
        remesh_band: float = 1,
        remesh_project: float = 0.9,
        mesh_cluster_threshold_cone_half_angle_rad: float = 1.57,
        mesh_cluster_refine_iterations: int = 0,
        mesh_cluster_global_iterations: int = 1,
        mesh_cluster_smooth_strength: float = 1,
        verbose: bool = False,
        use_tqdm: bool = False,
    ) -> Mesh:
        calls.note(
            "to_glb",
            grid_size=grid_size,
            decimation_target=decimation_target,
            texture_size=texture_size,
            remesh=remesh,
        )
        return Mesh(calls)

    module("trellis2.pipelines", Trellis2ImageTo3DPipeline=Pipeline)
    module("trellis2.pipelines.samplers", flow_euler=flow_euler)
    module("o_voxel.postprocess", to_glb=to_glb)
