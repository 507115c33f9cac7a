import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { type ProblemCode, problems } from '#contracts';
import { statusOf } from './problem-document.js';
import { ProblemView } from './problem.view.js';

/** Documents the refusals of a route: one response a status, naming its codes. */
export function Refuses(...codes: ProblemCode[]): MethodDecorator & ClassDecorator {
  const statuses = new Set(codes.map((code) => statusOf[code]));
  return applyDecorators(
    ApiExtraModels(ProblemView),
    ...[...statuses].map((status) => {
      const ofStatus = codes.filter((code) => statusOf[code] === status);
      return ApiResponse({ status, description: ofStatus.join(', '), content: contentOf(ofStatus[0]!) });
    }),
  );
}

/** The body of every refusal in the document. */
export const problemContent: Record<'application/problem+json', { schema: { $ref: string }; example?: object }> = {
  'application/problem+json': { schema: { $ref: getSchemaPath(ProblemView) } },
};

/** The same with an example: the first code of the status. */
const contentOf = (code: ProblemCode): typeof problemContent => ({
  'application/problem+json': {
    ...problemContent['application/problem+json'],
    example: {
      type: `/problems/${code}`,
      title: problems[code],
      status: statusOf[code],
      detail: problems[code],
      code,
      request_id: '01a20000-0000-7000-8000-000000000000',
    },
  },
});
