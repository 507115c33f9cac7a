import { Injectable, Logger } from '@nestjs/common';
import { discardUpload, type FileView, Problem } from '#contracts';
import { RpcClient } from '#messaging';
import type { FilePart, FormParts } from '../forms/form-part.js';
import type { FileHashes } from '../idempotency/fingerprint.js';
import { UploadsService } from '../uploads/uploads.service.js';
import type { FormFileIds } from './task-form.js';

const mostPictures = 4;

/** What has been stored of a form so far. */
export class FormFiles {
  readonly pictures: FileView[] = [];
  mesh: FileView | undefined;

  get all(): FileView[] {
    return this.mesh ? [...this.pictures, this.mesh] : this.pictures;
  }

  get ids(): FormFileIds {
    return { pictures: this.pictures.map(({ file_id }) => file_id), mesh: this.mesh?.file_id };
  }

  get hashes(): FileHashes {
    return new Map(this.all.map(({ file_id, sha256 }) => [file_id, sha256]));
  }
}

/** Stores the files of a form for a new task, and gives them back when no task needs them. */
@Injectable()
export class FormFilesService {
  private readonly logger = new Logger(FormFilesService.name);

  constructor(
    private readonly rpc: RpcClient,
    private readonly uploads: UploadsService,
  ) {}

  /** The fields of a form; its files are added to `files` as they are stored. */
  async read(ownerId: string, parts: FormParts, files: FormFiles): Promise<[string, unknown][]> {
    const fields: [string, unknown][] = [];
    for await (const part of parts) {
      if (part.kind === 'field') fields.push([part.name, part.value]);
      else await this.store(ownerId, part, files);
    }
    return fields;
  }

  /** As far as it goes: a file that cannot be given back now stays a file of its owner. */
  async giveBack(owner_id: string, { all }: FormFiles): Promise<void> {
    const given = await Promise.allSettled(
      all.map(({ file_id }) => this.rpc.call(discardUpload, { owner_id, file_id })),
    );
    const kept = given.filter(({ status }) => status === 'rejected').length;
    if (kept > 0) this.logger.warn(`${kept} files of a form that made no task stay with their owner`);
  }

  private async store(ownerId: string, part: FilePart, files: FormFiles): Promise<void> {
    if (part.name === 'mesh') {
      if (files.mesh) throw wrong('/mesh', 'at most one mesh');
      files.mesh = await this.uploads.store(ownerId, part);
    } else if (part.name === 'image') {
      if (files.pictures.length === mostPictures) throw wrong('/images', `at most ${mostPictures} pictures`);
      files.pictures.push(await this.uploads.store(ownerId, part));
    } else {
      throw wrong(`/${part.name}`, `${part.name} is not a known file; they are named "image" and "mesh"`);
    }
  }
}

const wrong = (pointer: string, message: string): Problem =>
  new Problem('invalid_parameters', undefined, { errors: [{ pointer, message }] });
