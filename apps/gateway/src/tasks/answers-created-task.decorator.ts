import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiAcceptedResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type CreatedTask, TaskView } from '#contracts';
import { Refuses } from '../http/refuses.decorator.js';

const headers = {
  Location: { schema: { type: 'string' as const } },
  'Idempotent-Replayed': {
    schema: { type: 'string' as const, enum: ['true'] },
    description: 'The `Idempotency-Key` had been used for this request: this is its first answer again',
  },
};

/** Documents a route that answers a new task, or the one that its first request made. */
export const AnswersCreatedTask = (): MethodDecorator =>
  applyDecorators(
    HttpCode(202),
    ApiAcceptedResponse({ type: TaskView, headers }),
    Refuses('too_many_queued_tasks', 'service_unavailable'),
  );

/** The body of the answer; its headers are set. */
export function answerCreatedTask({ task, replayed }: CreatedTask, reply: FastifyReply): TaskView {
  void reply.header('location', `/generate/${task.task_id}`);
  if (replayed) void reply.header('idempotent-replayed', 'true');
  return task;
}
