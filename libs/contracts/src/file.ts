import { AccountId, Nothing } from './account.js';
import { rpc } from './contract.js';
import { Flag, Id, Ids, ListOf, Nested, OneOf, Pattern, Text, Time, Url, Whole } from './fields.js';
import { modelFormats, type WorkerFormat, workerFormats } from './format.js';
import { Cursor, PageOf } from './page.js';

export const fileKinds = ['input', 'model', 'preview'] as const;
export type FileKind = (typeof fileKinds)[number];

const sha256 = /^[0-9a-f]{64}$/;
const outputName = /^[a-z0-9][a-z0-9_.-]{0,63}$/;

export class FileOfOwner {
  @Id() owner_id: string;
  @Id() file_id: string;
}

/** A stored file as its owner sees it. */
export class FileView {
  @Id() file_id: string;
  @Text({ max: 255 }) filename: string;
  @Text({ max: 100 }) media_type: string;
  @Whole({ min: 0 }) size_bytes: number;
  @Pattern({ pattern: sha256 }) sha256: string;
  @OneOf(fileKinds) kind: FileKind;
  @Whole({ min: 1, optional: true }) width?: number;
  @Whole({ min: 1, optional: true }) height?: number;
  @Id({ optional: true }) task_id?: string;
  @Time() created_at: string;
  @Url({ description: 'Where the bytes are, relative to the API' }) url: string;
}

export class OpenUpload {
  @Id() owner_id: string;
  /** As the client sent it, whatever is in it: storage cleans it. May be empty. */
  @Pattern({ pattern: /^[\s\S]{0,16384}$/ }) filename: string;
}

/** Where to PUT the bytes of an upload, once and within ten minutes. 201 answers the FileView, anything else a Problem as JSON. */
export class UploadTicket {
  @Url() upload_url: string;
}

export class OpenDownload extends FileOfOwner {
  @Flag({ optional: true, description: 'Whether an address for the client itself is wanted, too' }) redirect?: boolean;
}

/** Where the bytes of a file can be read for a short time, with everything an HTTP answer says about them. */
export class DownloadTicket {
  @Url() download_url: string;
  @Url({ optional: true, description: 'The same for clients, where the deployment has a store that they reach' })
  public_url?: string;
  @Nested(() => FileView) file: FileView;
}

/** What an account keeps, and how much of it it may keep. */
export class FileUsage {
  @Whole({ min: 0 }) files: number;
  @Whole({ min: 0 }) bytes: number;
  @Whole({ min: 0 }) max_files: number;
  @Whole({ min: 0 }) max_bytes: number;
}

export class ListFiles extends PageOf {
  @Id() owner_id: string;
  @OneOf(fileKinds, { optional: true }) kind?: FileKind;
}

export class FilePage {
  @ListOf(() => FileView) items: FileView[];
  @Cursor({ nullable: true }) next_cursor: string | null;
}

/** Asks that files stay for a task, until it has ended or `until` has passed. */
export class HoldFiles {
  @Id() owner_id: string;
  @Id() task_id: string;
  @Ids() file_ids: string[];
  @Time() until: string;
}

/** Those of the files that are there, each once; nothing is held when one is missing. */
export class HeldFiles {
  @ListOf(() => FileView) files: FileView[];
}

/** A task that was not made after all. */
export class FilesOfTask {
  @Id() owner_id: string;
  @Id() task_id: string;
}

/** What a worker may write in one attempt of a task. */
export class PromisedOutput {
  @Pattern({ pattern: outputName }) name: string;
  @OneOf(workerFormats) format: WorkerFormat;
  @Flag({ optional: true, description: 'Whether the attempt fails without it; true when it is left out' })
  required?: boolean;
}

/** Asks for the presigned URLs of one attempt: its inputs to read, its outputs to write, and those of its outputs that are read again. */
export class OpenAttempt {
  @Id() owner_id: string;
  @Id() task_id: string;
  @Whole({ min: 1 }) attempt: number;
  @ListOf(() => FileReference, { max: 8 }) inputs: FileReference[];
  @ListOf(() => PromisedOutput, { min: 1, max: 16 }) outputs: PromisedOutput[];
  @Pattern({ pattern: outputName, optional: true, description: 'An output that has been written, to read' })
  delivered?: string;
  @Flag({ optional: true, description: 'Whether the worker knows the store by its public address, where there is one' })
  outside?: boolean;
  @Whole({ min: 1, max: 604_800 }) expires_seconds: number;
}

export class FileReference {
  @Id() file_id: string;
}

export class AttemptInput {
  @Id() file_id: string;
  @Url() url: string;
  @Text({ max: 100 }) content_type: string;
  @Whole({ min: 0 }) bytes: number;
  @Pattern({ pattern: sha256 }) sha256: string;
}

export class AttemptOutput {
  @Text({ max: 64 }) name: string;
  @Text({ max: 16 }) format: string;
  @Url() url: string;
  @Whole({ min: 1 }) max_bytes: number;
}

export class AttemptFiles {
  @ListOf(() => AttemptInput) inputs: AttemptInput[];
  @ListOf(() => AttemptOutput) outputs: AttemptOutput[];
  @Url({ optional: true, description: 'Where the delivered output is read' }) delivered_url?: string;
}

/** What a worker says it has written. */
export class DeliveredArtifact {
  @Text({ max: 64 }) name: string;
  @Text({ max: 16 }) format: string;
  @Whole({ min: 1 }) bytes: number;
  @Pattern({ pattern: sha256 }) sha256: string;
}

/** Takes the outputs of one attempt over as files of the owner, after checking size and hash of each. */
export class AdoptArtifacts {
  @Id() owner_id: string;
  @Id() task_id: string;
  @Whole({ min: 1 }) attempt: number;
  @ListOf(() => DeliveredArtifact, { min: 1, max: 16 }) artifacts: DeliveredArtifact[];
}

export class AdoptedArtifact {
  @Text({ max: 64, optional: true, description: 'The name that it was promised under' }) name?: string;
  @OneOf(['model', 'preview']) kind: 'model' | 'preview';
  @OneOf([...modelFormats, 'png']) format: string;
  @Id() file_id: string;
  @Whole({ min: 1 }) size_bytes: number;
  @Pattern({ pattern: sha256 }) sha256: string;
  @Whole({ min: 1, optional: true }) width?: number;
  @Whole({ min: 1, optional: true }) height?: number;
}

export class AdoptedArtifacts {
  @ListOf(() => AdoptedArtifact) artifacts: AdoptedArtifact[];
}

export const openUpload = rpc('storage', 'file.open-upload', OpenUpload, UploadTicket);
export const findFile = rpc('storage', 'file.find', FileOfOwner, FileView);
/** Gives an upload back that no task was ever told of. One that is gone, or of somebody else, is as good as given back. */
export const discardUpload = rpc('storage', 'file.discard-upload', FileOfOwner, Nothing);
export const openDownload = rpc('storage', 'file.open-download', OpenDownload, DownloadTicket);
export const listFiles = rpc('storage', 'file.list', ListFiles, FilePage);
/** `file_in_use` while a task that has not ended needs it. */
export const removeFile = rpc('storage', 'file.remove', FileOfOwner, Nothing);
export const holdFiles = rpc('storage', 'file.hold', HoldFiles, HeldFiles);
export const releaseFiles = rpc('storage', 'file.release', FilesOfTask, Nothing);
export const countFiles = rpc('storage', 'file.count', AccountId, FileUsage);
export const openAttempt = rpc('storage', 'attempt.open', OpenAttempt, AttemptFiles);
export const adoptArtifacts = rpc('storage', 'attempt.adopt', AdoptArtifacts, AdoptedArtifacts);
