declare module 'assimpjs' {
  interface FileList {
    AddFile(name: string, content: Uint8Array): void;
  }
  interface Result {
    IsSuccess(): boolean;
    GetErrorCode(): string;
    GetFile(index: number): { GetContent(): Uint8Array };
  }
  interface Assimp {
    FileList: new () => FileList;
    /** Reads the first file of the list with all others at hand, and writes it in the format. */
    ConvertFileList(files: FileList, format: 'glb2' | 'assjson'): Result;
  }
  export default function createAssimp(): Promise<Assimp>;
}

/** The little of three.js that the readers of the tests touch; the package has no types of its own. */
declare module 'three' {
  export interface BufferAttribute {
    count: number;
    getComponent(index: number, component: number): number;
  }
  export interface BufferGeometry {
    index: BufferAttribute | null;
    attributes: Record<string, BufferAttribute | undefined>;
    groups: { start: number; count: number; materialIndex?: number }[];
  }
  export interface Texture {
    image: unknown;
    userData: Record<string, unknown>;
  }
  export interface Material {
    name: string;
    color: { r: number; g: number; b: number };
    emissive: { r: number; g: number; b: number };
    opacity: number;
    transparent: boolean;
    alphaTest: number;
    roughness: number;
    metalness: number;
    vertexColors: boolean;
    map: Texture | null;
    alphaMap: Texture | null;
    normalMap: Texture | null;
    aoMap: Texture | null;
    roughnessMap: Texture | null;
    metalnessMap: Texture | null;
    emissiveMap: Texture | null;
  }
  export interface Object3D {
    name: string;
    children: Object3D[];
    matrixWorld: { elements: number[] };
    geometry?: BufferGeometry;
    material?: Material | Material[];
    traverse(visit: (object: Object3D) => void): void;
    updateMatrixWorld(force: boolean): void;
  }
  export const Mesh: new (geometry: BufferGeometry) => Object3D;
  export const ImageLoader: { prototype: { load(url: string, onLoad?: (image: unknown) => void): unknown } };
}

declare module 'three/examples/jsm/loaders/STLLoader.js' {
  export class STLLoader {
    parse(data: ArrayBuffer): import('three').BufferGeometry;
  }
}

declare module 'three/examples/jsm/loaders/PLYLoader.js' {
  export class PLYLoader {
    parse(data: ArrayBuffer): import('three').BufferGeometry;
  }
}

declare module 'three/examples/jsm/loaders/OBJLoader.js' {
  export class OBJLoader {
    setMaterials(materials: unknown): this;
    parse(text: string): import('three').Object3D;
  }
}

declare module 'three/examples/jsm/loaders/MTLLoader.js' {
  export class MTLLoader {
    parse(text: string, path: string): unknown;
  }
}

declare module 'three/examples/jsm/loaders/FBXLoader.js' {
  export class FBXLoader {
    parse(data: ArrayBuffer, path: string): import('three').Object3D;
  }
}

declare module 'three/examples/jsm/loaders/USDLoader.js' {
  export class USDLoader {
    parse(data: ArrayBuffer): import('three').Object3D;
  }
}

declare module 'three/examples/jsm/loaders/3MFLoader.js' {
  export class ThreeMFLoader {
    parse(data: ArrayBuffer): import('three').Object3D;
  }
}

declare module 'three/examples/jsm/loaders/GLTFLoader.js' {
  export class GLTFLoader {
    setMeshoptDecoder(decoder: unknown): this;
    parseAsync(data: ArrayBuffer, path: string): Promise<{ scene: import('three').Object3D }>;
  }
}
