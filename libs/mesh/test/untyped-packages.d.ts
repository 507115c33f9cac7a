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
