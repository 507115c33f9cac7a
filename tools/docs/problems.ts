import { Problem, type ProblemCode, problems } from '#contracts';
import { problemHeaders, statusOf } from '../../apps/gateway/src/http/problem-document.js';
import { code, generatedPage, table } from './markdown.js';

/** docs/problems.md: every way the API refuses a request. */
export function problemsPage(): string {
  const codes = (Object.keys(problems) as ProblemCode[]).toSorted((a, b) => statusOf[a] - statusOf[b]);
  return generatedPage(
    '# Problems',
    'Every refusal of the API is a problem document (RFC 9457, `application/problem+json`) with a `code` from this table.\n' +
      'A code is part of the public API: it is never renamed. The other members are `type`, `title`, `status`, `detail` and\n' +
      '`request_id`; where fields of a request are wrong, `errors` lists each as `{ "pointer", "message" }`.',
    table(
      ['Status', 'Code', 'Meaning'],
      codes.map((name) => [String(statusOf[name]), code(name), problems[name]]),
    ),
    `A ${statusesWith('retry-after', codes)} carries \`Retry-After\`, a ${statusesWith('www-authenticate', codes)} carries \`WWW-Authenticate\`.`,
    'The codes are in `libs/contracts/src/problem.ts`, their statuses in `apps/gateway/src/http/problem-document.ts`.\n' +
      'Why a finished task failed is another list: see [workers.md](workers.md).',
  );
}

function statusesWith(header: string, codes: ProblemCode[]): string {
  const statuses = codes.filter((name) => header in problemHeaders(new Problem(name))).map((name) => statusOf[name]);
  return [...new Set(statuses)].join(' or ');
}
