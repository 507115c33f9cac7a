import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { createTask, NewTask, Problem, type TaskView } from '#contracts';
import { RpcClient, validated } from '#messaging';
import { UploadsService } from '../uploads/uploads.service.js';
import type { FilePart, FormParts } from '../forms/form-part.js';
import { bodyOfForm } from './task-form.js';

const mostPictures = 4;

@Injectable()
export class TasksService {
  constructor(
    private readonly rpc: RpcClient,
    private readonly uploads: UploadsService,
  ) {}

  /** Asks for a generation. The id is made here, so that a repeated call makes no second task. */
  create(owner_id: string, body: unknown): Promise<TaskView> {
    return this.rpc.call(createTask, { ...validated(NewTask, body), owner_id, task_id: uuidv7() });
  }

  /** The same from a form: its pictures are stored first and stay the owner's, whatever becomes of the task. */
  async createFromForm(ownerId: string, parts: FormParts): Promise<TaskView> {
    const fields: [string, unknown][] = [];
    const fileIds: string[] = [];
    for await (const part of parts) {
      if (part.kind === 'field') fields.push([part.name, part.value]);
      else fileIds.push(await this.storePicture(ownerId, part, fileIds.length));
    }
    return this.create(ownerId, bodyOfForm(fields, fileIds));
  }

  private async storePicture(ownerId: string, part: FilePart, before: number): Promise<string> {
    if (part.name !== 'image')
      throw wrong(`/${part.name}`, `${part.name} is not a known file; pictures are named "image"`);
    if (before === mostPictures) throw wrong('/images', `at most ${mostPictures} pictures`);
    const { file_id } = await this.uploads.store(ownerId, part);
    return file_id;
  }
}

const wrong = (pointer: string, message: string): Problem =>
  new Problem('invalid_parameters', undefined, { errors: [{ pointer, message }] });
