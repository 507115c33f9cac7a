import { Injectable, Logger } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { type CreatedTask, createTask, discardUpload, NewTask, Problem } from '#contracts';
import { RpcClient, validated } from '#messaging';
import { UploadsService } from '../uploads/uploads.service.js';
import type { FilePart, FormParts } from '../forms/form-part.js';
import { statusOf } from '../http/problem-document.js';
import { bodyOfForm } from './task-form.js';

const mostPictures = 4;

@Injectable()
export class TasksService {
  private readonly logger = new Logger(TasksService.name);

  constructor(
    private readonly rpc: RpcClient,
    private readonly uploads: UploadsService,
  ) {}

  /** Asks for a generation. The id is made here, so that a repeated call makes no second task. */
  create(owner_id: string, body: unknown): Promise<CreatedTask> {
    return this.rpc.call(createTask, { ...validated(NewTask, body), owner_id, task_id: uuidv7() });
  }

  /** The same from a form: its pictures are stored first, and given back when there will be no task. */
  async createFromForm(ownerId: string, parts: FormParts): Promise<CreatedTask> {
    const fileIds: string[] = [];
    let asked = false;
    try {
      const fields = await this.readForm(ownerId, parts, fileIds);
      const body = bodyOfForm(fields, fileIds);
      asked = true;
      return await this.create(ownerId, body);
    } catch (error) {
      // after a timeout there may be a task all the same, and it needs its pictures
      if (!asked || isRefusal(error)) await this.giveBack(ownerId, fileIds);
      throw error;
    }
  }

  /** The fields of a form; the ids of its pictures are added to `fileIds` as they are stored. */
  private async readForm(ownerId: string, parts: FormParts, fileIds: string[]): Promise<[string, unknown][]> {
    const fields: [string, unknown][] = [];
    for await (const part of parts) {
      if (part.kind === 'field') fields.push([part.name, part.value]);
      else fileIds.push(await this.storePicture(ownerId, part, fileIds.length));
    }
    return fields;
  }

  /** As far as it goes: a picture that cannot be given back now stays a file of its owner. */
  private async giveBack(owner_id: string, fileIds: string[]): Promise<void> {
    const given = await Promise.allSettled(
      fileIds.map((file_id) => this.rpc.call(discardUpload, { owner_id, file_id })),
    );
    const kept = given.filter(({ status }) => status === 'rejected').length;
    if (kept > 0) this.logger.warn(`${kept} pictures of a refused form stay with their owner`);
  }

  private async storePicture(ownerId: string, part: FilePart, before: number): Promise<string> {
    if (part.name !== 'image')
      throw wrong(`/${part.name}`, `${part.name} is not a known file; pictures are named "image"`);
    if (before === mostPictures) throw wrong('/images', `at most ${mostPictures} pictures`);
    const { file_id } = await this.uploads.store(ownerId, part);
    return file_id;
  }
}

const isRefusal = (error: unknown): boolean => error instanceof Problem && statusOf[error.code] < 500;

const wrong = (pointer: string, message: string): Problem =>
  new Problem('invalid_parameters', undefined, { errors: [{ pointer, message }] });
