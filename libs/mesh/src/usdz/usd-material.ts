import type { Image, Material, Vec3 } from '../scene/scene.js';
import { materialScope, quoted, rootPath } from './usd-names.js';
import type { UsdTextures } from './usd-textures.js';

/** What the surface of one material reads: its inputs, and the shaders that feed them. */
interface Network {
  path: string;
  inputs: string[];
  shaders: string[];
  textures: UsdTextures;
}

/** How a picture is read: its colour space, the channels that are used, and value × scale + bias. */
interface Reading {
  space: 'sRGB' | 'raw';
  outputs: string[];
  scale?: readonly number[];
  bias?: readonly number[];
}

const number = (value: number): string => String(Number(value.toPrecision(7)));
const tuple = (values: readonly number[]): string => `(${values.map(number).join(', ')})`;

/**
 * A material as UsdPreviewSurface ("UsdPreviewSurface Specification", 2.6), one statement a line. With
 * `vertexColour`, which is the mean of them, the meshes that wear it bring their base colour as `displayColor`.
 */
export async function materialText(
  name: string,
  material: Material,
  { vertexColour, textures }: { vertexColour: Vec3 | null; textures: UsdTextures },
): Promise<string> {
  const path = `${rootPath}/${materialScope}/${name}`;
  const network: Network = { path, inputs: [], shaders: [], textures };
  await addColour(network, material, vertexColour);
  await addRelief(network, material);
  await addLight(network, material);
  if (network.shaders.some((text) => text.includes('uv.outputs'))) network.shaders.push(uvReader);
  return [
    `def Material "${name}" (`,
    `displayName = ${quoted(material.name)}`,
    ')',
    '{',
    `token outputs:surface.connect = <${path}/surface.outputs:surface>`,
    'def Shader "surface"',
    '{',
    'uniform token info:id = "UsdPreviewSurface"',
    ...network.inputs,
    'token outputs:surface',
    '}',
    ...network.shaders,
    '}',
  ].join('\n');
}

const uvReader = [
  'def Shader "uv"',
  '{',
  'uniform token info:id = "UsdPrimvarReader_float2"',
  'string inputs:varname = "st"',
  'float2 outputs:result',
  '}',
].join('\n');

const colourReader = [
  'def Shader "colour"',
  '{',
  'uniform token info:id = "UsdPrimvarReader_float3"',
  'string inputs:varname = "displayColor"',
  'float3 outputs:result',
  '}',
].join('\n');

/** Adds a texture shader and gives back the start of the path of its outputs. */
async function texture(network: Network, name: string, image: Image, reading: Reading): Promise<string> {
  const file = await network.textures.pathOf(image);
  network.shaders.push(
    [
      `def Shader "${name}"`,
      '{',
      'uniform token info:id = "UsdUVTexture"',
      `asset inputs:file = @${file}@`,
      `float2 inputs:st.connect = <${network.path}/uv.outputs:result>`,
      'token inputs:wrapS = "repeat"',
      'token inputs:wrapT = "repeat"',
      `token inputs:sourceColorSpace = "${reading.space}"`,
      ...(reading.scale ? [`float4 inputs:scale = ${tuple(reading.scale)}`] : []),
      ...(reading.bias ? [`float4 inputs:bias = ${tuple(reading.bias)}`] : []),
      ...reading.outputs,
      '}',
    ].join('\n'),
  );
  return `${network.path}/${name}.outputs:`;
}

async function addColour(network: Network, material: Material, vertexColour: Vec3 | null): Promise<void> {
  const { baseColor, baseColorImage, alphaMode } = material;
  const { inputs } = network;
  if (alphaMode === 'MASK') inputs.push(`float inputs:opacityThreshold = ${number(material.alphaCutoff)}`);
  if (baseColorImage) {
    const outputs = ['float outputs:a', 'float3 outputs:rgb'];
    const picture = await texture(network, 'base', baseColorImage, { space: 'sRGB', outputs, scale: baseColor });
    inputs.push(`color3f inputs:diffuseColor.connect = <${picture}rgb>`);
    if (alphaMode !== 'OPAQUE') inputs.push(`float inputs:opacity.connect = <${picture}a>`);
    return;
  }
  // a reader that knows no colours per vertex falls back on their mean
  const plain = baseColor.slice(0, 3).map((value, k) => value * (vertexColour?.[k] ?? 1));
  inputs.push(`color3f inputs:diffuseColor = ${tuple(plain)}`);
  if (vertexColour) {
    network.shaders.push(colourReader);
    inputs.push(`color3f inputs:diffuseColor.connect = <${network.path}/colour.outputs:result>`);
  }
  if (alphaMode !== 'OPAQUE') inputs.push(`float inputs:opacity = ${number(baseColor[3])}`);
}

async function addRelief(network: Network, material: Material): Promise<void> {
  const { normalImage, normalScale: n, occlusionImage, occlusionStrength: s } = material;
  if (normalImage) {
    const reading = { scale: [2 * n, 2 * n, 2, 1], bias: [-n, -n, -1, 0], outputs: ['float3 outputs:rgb'] };
    const picture = await texture(network, 'normal', normalImage, { space: 'raw', ...reading });
    network.inputs.push(`normal3f inputs:normal.connect = <${picture}rgb>`);
  }
  if (occlusionImage) {
    // 1 + strength · (occlusion − 1), glTF 2.0 §3.9.3
    const reading = { scale: [s, s, s, 1], bias: [1 - s, 1 - s, 1 - s, 0], outputs: ['float outputs:r'] };
    const picture = await texture(network, 'occlusion', occlusionImage, { space: 'raw', ...reading });
    network.inputs.push(`float inputs:occlusion.connect = <${picture}r>`);
  }
}

async function addLight(network: Network, material: Material): Promise<void> {
  const { metallic, roughness, metallicRoughnessImage, emissive, emissiveImage } = material;
  const { inputs } = network;
  if (metallicRoughnessImage) {
    const reading = { scale: [1, roughness, metallic, 1], outputs: ['float outputs:b', 'float outputs:g'] };
    const picture = await texture(network, 'metalRoughness', metallicRoughnessImage, { space: 'raw', ...reading });
    inputs.push(`float inputs:metallic.connect = <${picture}b>`, `float inputs:roughness.connect = <${picture}g>`);
  } else {
    inputs.push(`float inputs:metallic = ${number(metallic)}`, `float inputs:roughness = ${number(roughness)}`);
  }
  if (emissiveImage) {
    const reading = { scale: [...emissive, 1], outputs: ['float3 outputs:rgb'] };
    const picture = await texture(network, 'glow', emissiveImage, { space: 'sRGB', ...reading });
    inputs.push(`color3f inputs:emissiveColor.connect = <${picture}rgb>`);
  } else if (Math.max(...emissive) > 0) {
    inputs.push(`color3f inputs:emissiveColor = ${tuple(emissive)}`);
  }
}
