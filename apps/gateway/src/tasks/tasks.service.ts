import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import {
  type Conversion,
  convertTask,
  type CreatedTask,
  createTask,
  type Idempotency,
  ListTasks,
  listTasks,
  NewTask,
  type PageOf,
  Problem,
  type TaskPage,
} from '#contracts';
import { RpcClient, validated } from '#messaging';
import type { FormParts } from '../forms/form-part.js';
import { statusOf } from '../http/problem-document.js';
import { type FileHashes, fingerprintOf, type TaskRequest } from '../idempotency/fingerprint.js';
import { FormFiles, FormFilesService } from './form-files.service.js';
import { bodyOfForm } from './task-form.js';

/** Passes requests for tasks on. Ids are made here, so that a repeated call makes no second task; with a key no repeated request does. */
@Injectable()
export class TasksService {
  constructor(
    private readonly rpc: RpcClient,
    private readonly formFiles: FormFilesService,
  ) {}

  /** Asks for a generation. */
  create(owner_id: string, body: unknown, key?: string, uploaded?: FileHashes): Promise<CreatedTask> {
    const asked = validated(NewTask, body);
    const idempotency = idempotencyOf(asked, key, uploaded);
    return this.rpc.call(createTask, { ...asked, ...idempotency, owner_id, task_id: uuidv7() });
  }

  /** The same from a form: its files are stored first, and given back when no task needs them. */
  async createFromForm(ownerId: string, parts: FormParts, key?: string): Promise<CreatedTask> {
    const files = new FormFiles();
    let asked = false;
    try {
      const fields = await this.formFiles.read(ownerId, parts, files);
      const body = bodyOfForm(fields, files.ids);
      asked = true;
      const created = await this.create(ownerId, body, key, files.hashes);
      if (created.replayed) await this.formFiles.giveBack(ownerId, files); // the task has those of the first request
      return created;
    } catch (error) {
      // after a timeout there may be a task all the same, and it needs its files
      if (!asked || isRefusal(error)) await this.formFiles.giveBack(ownerId, files);
      throw error;
    }
  }

  /** Asks for further formats of the model of a finished task. */
  convert(owner_id: string, source_task_id: string, conversion: Conversion, key?: string): Promise<CreatedTask> {
    const asked = { ...conversion, source_task_id };
    return this.rpc.call(convertTask, { ...asked, ...idempotencyOf(asked, key), owner_id, task_id: uuidv7() });
  }

  /** One page of the account's tasks, newest first. A status that is none is a 422. */
  list(owner_id: string, page: PageOf, status: unknown): Promise<TaskPage> {
    return this.rpc.call(
      listTasks,
      validated(ListTasks, { ...page, owner_id, ...(status === undefined ? {} : { status }) }),
    );
  }
}

const idempotencyOf = (asked: TaskRequest, key?: string, uploaded?: FileHashes): { idempotency?: Idempotency } =>
  key === undefined ? {} : { idempotency: { key, fingerprint: fingerprintOf(asked, uploaded) } };

const isRefusal = (error: unknown): boolean => error instanceof Problem && statusOf[error.code] < 500;
