"""Prints what Blender understood of every file, one line of JSON each.

blender -b --factory-startup -noaudio -P report.py -- model.fbx model.obj ...
"""
import json
import sys

import bpy
import numpy

# Blender 3.4 uses names that NumPy 1.24 has dropped
for name, kind in (("bool", bool), ("int", int), ("float", float), ("object", object)):
    if name not in numpy.__dict__:
        setattr(numpy, name, kind)

IMPORTERS = {
    "fbx": lambda path: bpy.ops.import_scene.fbx(filepath=path),
    "glb": lambda path: bpy.ops.import_scene.gltf(filepath=path),
    "obj": lambda path: bpy.ops.wm.obj_import(filepath=path),
    "ply": lambda path: bpy.ops.import_mesh.ply(filepath=path),
    "stl": lambda path: bpy.ops.import_mesh.stl(filepath=path),
}
INPUTS = ("Base Color", "Metallic", "Roughness", "Normal", "Emission", "Alpha")


def picture_behind(socket, depth=0):
    """Name of the picture that feeds an input, through whatever nodes are between."""
    if depth > 6 or not socket.is_linked:
        return None
    node = socket.links[0].from_node
    if node.type == "TEX_IMAGE":
        return node.image.name if node.image else None
    for behind in node.inputs:
        name = picture_behind(behind, depth + 1)
        if name:
            return name
    return None


def material_report(material):
    report = {"name": material.name, "pictures": {}}
    for node in material.node_tree.nodes if material.use_nodes else []:
        if node.type == "BSDF_PRINCIPLED":
            for name in INPUTS:
                picture = picture_behind(node.inputs[name])
                if picture:
                    report["pictures"][name] = picture
    return report


def world_triangles(thing):
    mesh = thing.data
    mesh.calc_loop_triangles()
    places = numpy.empty(len(mesh.vertices) * 3, dtype=numpy.float32)
    mesh.vertices.foreach_get("co", places)
    matrix = numpy.array(thing.matrix_world)
    places = places.reshape(-1, 3).astype(float) @ matrix[:3, :3].T + matrix[:3, 3]
    corners = numpy.empty(len(mesh.loop_triangles) * 3, dtype=numpy.int32)
    mesh.loop_triangles.foreach_get("vertices", corners)
    return places, corners.reshape(-1, 3)


def report(path):
    bpy.ops.wm.read_factory_settings(use_empty=True)
    IMPORTERS[path.rsplit(".", 1)[1].lower()](path)
    triangles, volume, low, high = 0, 0.0, [], []
    uvs, colours, names = set(), set(), []
    for thing in bpy.context.scene.objects:
        names.append(thing.name)
        if thing.type != "MESH":
            continue
        uvs.update(layer.name for layer in thing.data.uv_layers)
        colours.update(layer.name for layer in thing.data.color_attributes)
        places, corners = world_triangles(thing)
        triangles += len(corners)
        a, b, c = (places[corners[:, k]] for k in range(3))
        # under a mirroring node Blender turns the faces round
        side = -1 if thing.matrix_world.determinant() < 0 else 1
        volume += side * float((a * numpy.cross(b, c)).sum() / 6)
        low.append(places.min(0))
        high.append(places.max(0))
    return {
        "triangles": triangles,
        "volume": volume,
        "min": [float(value) for value in numpy.min(low, 0)],
        "max": [float(value) for value in numpy.max(high, 0)],
        "names": names,
        "uvs": len(uvs) > 0,
        "colours": len(colours) > 0,
        "materials": [material_report(one) for one in bpy.data.materials if one.users],
        "pictures": {one.name: list(one.size) for one in bpy.data.images if one.users},
    }


for file in sys.argv[sys.argv.index("--") + 1 :]:
    print("REPORT " + json.dumps(report(file)), flush=True)
