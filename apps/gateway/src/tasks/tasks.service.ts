import { Injectable, Logger } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import {
  type CreatedTask,
  createTask,
  discardUpload,
  type FileView,
  ListTasks,
  listTasks,
  NewTask,
  type PageOf,
  Problem,
  type TaskPage,
} from '#contracts';
import { RpcClient, validated } from '#messaging';
import { fingerprintOf, type PictureHashes } from '../idempotency/fingerprint.js';
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

  /** Asks for a generation. The id is made here, so that a repeated call makes no second task; with a key no repeated request does. */
  create(owner_id: string, body: unknown, key?: string, pictures?: PictureHashes): Promise<CreatedTask> {
    const asked = validated(NewTask, body);
    const idempotency = key === undefined ? {} : { idempotency: { key, fingerprint: fingerprintOf(asked, pictures) } };
    return this.rpc.call(createTask, { ...asked, ...idempotency, owner_id, task_id: uuidv7() });
  }

  /** The same from a form: its pictures are stored first, and given back when no task needs them. */
  async createFromForm(ownerId: string, parts: FormParts, key?: string): Promise<CreatedTask> {
    const pictures: FileView[] = [];
    let asked = false;
    try {
      const fields = await this.readForm(ownerId, parts, pictures);
      const body = bodyOfForm(fields, idsOf(pictures));
      asked = true;
      const hashes = new Map(pictures.map(({ file_id, sha256 }) => [file_id, sha256]));
      const created = await this.create(ownerId, body, key, hashes);
      if (created.replayed) await this.giveBack(ownerId, pictures); // the task has those of the first request
      return created;
    } catch (error) {
      // after a timeout there may be a task all the same, and it needs its pictures
      if (!asked || isRefusal(error)) await this.giveBack(ownerId, pictures);
      throw error;
    }
  }

  /** One page of the account's tasks, newest first. A status that is none is a 422. */
  list(owner_id: string, page: PageOf, status: unknown): Promise<TaskPage> {
    return this.rpc.call(
      listTasks,
      validated(ListTasks, { ...page, owner_id, ...(status === undefined ? {} : { status }) }),
    );
  }

  /** The fields of a form; its pictures are added to `pictures` as they are stored. */
  private async readForm(ownerId: string, parts: FormParts, pictures: FileView[]): Promise<[string, unknown][]> {
    const fields: [string, unknown][] = [];
    for await (const part of parts) {
      if (part.kind === 'field') fields.push([part.name, part.value]);
      else pictures.push(await this.storePicture(ownerId, part, pictures.length));
    }
    return fields;
  }

  /** As far as it goes: a picture that cannot be given back now stays a file of its owner. */
  private async giveBack(owner_id: string, pictures: FileView[]): Promise<void> {
    const given = await Promise.allSettled(
      idsOf(pictures).map((file_id) => this.rpc.call(discardUpload, { owner_id, file_id })),
    );
    const kept = given.filter(({ status }) => status === 'rejected').length;
    if (kept > 0) this.logger.warn(`${kept} pictures of a form that made no task stay with their owner`);
  }

  private storePicture(ownerId: string, part: FilePart, before: number): Promise<FileView> {
    if (part.name !== 'image')
      throw wrong(`/${part.name}`, `${part.name} is not a known file; pictures are named "image"`);
    if (before === mostPictures) throw wrong('/images', `at most ${mostPictures} pictures`);
    return this.uploads.store(ownerId, part);
  }
}

const idsOf = (pictures: FileView[]): string[] => pictures.map(({ file_id }) => file_id);

const isRefusal = (error: unknown): boolean => error instanceof Problem && statusOf[error.code] < 500;

const wrong = (pointer: string, message: string): Problem =>
  new Problem('invalid_parameters', undefined, { errors: [{ pointer, message }] });
