declare module 'draco3dgltf' {
  const draco: {
    createDecoderModule(): Promise<unknown>;
    createEncoderModule(): Promise<unknown>;
  };
  export default draco;
}

declare module 'gltf-validator' {
  export interface Issue {
    code: string;
    message: string;
    /** 0 error, 1 warning, 2 information, 3 hint */
    severity: number;
    /** JSON pointer; absent when the issue is about the container. */
    pointer?: string;
    /** Byte offset, for issues of the container. */
    offset?: number;
  }
  export interface Report {
    issues: { numErrors: number; numWarnings: number; messages: Issue[]; truncated: boolean };
  }
  export interface Options {
    format?: 'glb' | 'gltf';
    maxIssues?: number;
    writeTimestamp?: boolean;
    externalResourceFunction?: (uri: string) => Promise<Uint8Array>;
  }
  export function validateBytes(bytes: Uint8Array, options?: Options): Promise<Report>;
}
