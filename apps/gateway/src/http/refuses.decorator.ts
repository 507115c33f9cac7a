import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { type ProblemCode, problems } from '#contracts';
import { statusOf } from './problem-document.js';
import { ProblemView } from './problem.view.js';

const refusalsKey = 'lathe:refusals';

/** Documents the refusals of a route: one response a status, naming its codes. Said more than once, it adds up. */
export function Refuses(...codes: ProblemCode[]): MethodDecorator & ClassDecorator {
  return (target: object, method?: string | symbol, descriptor?: PropertyDescriptor) => {
    const documented = (descriptor?.value ?? target) as object;
    const before = (Reflect.getMetadata(refusalsKey, documented) ?? []) as ProblemCode[];
    const all = [...new Set([...before, ...codes])];
    Reflect.defineMetadata(refusalsKey, all, documented);
    const document = applyDecorators(ApiExtraModels(ProblemView), ...responsesFor(all));
    (document as (...place: unknown[]) => void)(target, method, descriptor);
  };
}

const responsesFor = (codes: ProblemCode[]): (MethodDecorator & ClassDecorator)[] =>
  [...new Set(codes.map((code) => statusOf[code]))].map((status) => {
    const ofStatus = codes.filter((code) => statusOf[code] === status);
    return ApiResponse({ status, description: ofStatus.join(', '), content: contentOf(ofStatus[0]!) });
  });

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
