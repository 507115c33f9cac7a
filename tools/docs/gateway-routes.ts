import { sourcesBelow, textOf } from './source-files.js';

/** `POST /generate/{task_id}/cancel` and all its like, read from the controllers, and what Swagger serves besides. */
export function gatewayRoutes(): Set<string> {
  const files = [...sourcesBelow('apps/gateway/src'), 'libs/runtime/src/health.ts'];
  return new Set(['GET /docs', 'GET /openapi.json', ...files.flatMap((file) => routesOf(textOf(file)))]);
}

function routesOf(source: string): string[] {
  const controller = /@Controller\((?:'([^']*)')?\)/.exec(source);
  if (!controller) return [];
  return [...source.matchAll(/@(Get|Head|Post|Put|Patch|Delete)\((?:'([^']*)')?\)/g)].map(([, method, route = '']) => {
    const parts = [controller[1] ?? '', route].filter((part) => part !== '');
    return `${method!.toUpperCase()} /${parts.join('/').replaceAll(/:(\w+)/g, '{$1}')}`;
  });
}
