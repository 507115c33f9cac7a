/** What may import what (docs/architecture.md). tools/dependency-rules.spec.ts plants a violation of every rule. */
module.exports = {
  forbidden: [
    { name: 'apps-do-not-import-apps', severity: 'error', from: { path: '^apps/([^/]+)/' }, to: { path: '^apps/([^/]+)/', pathNot: '^apps/$1/' } },
    { name: 'libs-do-not-import-apps', severity: 'error', from: { path: '^libs/' }, to: { path: '^apps/' } },
    { name: 'libs-are-entered-by-their-index', severity: 'error', from: { path: '^apps/' }, to: { path: '^libs/[^/]+/src/(?!index)' } },
    { name: 'production-code-does-not-import-tools', severity: 'error', from: { path: '^(apps|libs/(?!testing))', pathNot: '\\.spec\\.ts$|/test/' }, to: { path: '^(tools|libs/testing)/' } },
    { name: 'contracts-import-only-validation', severity: 'error', from: { path: '^libs/contracts/', pathNot: '\\.spec\\.ts$' }, to: { pathNot: '^libs/contracts/|node_modules/(class-validator|class-transformer|@nestjs/swagger|reflect-metadata)/' } },
    { name: 'mesh-knows-no-framework', severity: 'error', from: { path: '^libs/mesh/' }, to: { path: '^libs/(?!mesh)|node_modules/(@nestjs|typeorm|amqplib|fastify|pg|minio)/' } },
    { name: 'only-repositories-and-services-touch-the-database', severity: 'error', from: { path: '\\.(handler|controller|guard|filter)\\.ts$' }, to: { path: 'node_modules/(typeorm|pg)/' } },
    { name: 'only-the-s3-client-speaks-s3', severity: 'error', from: { path: '^(apps|libs)/', pathNot: '^apps/storage/src/objects/s3\\.client\\.ts$|\\.spec\\.ts$|/test/' }, to: { path: 'node_modules/minio/' } },
    { name: 'only-clients-of-http-call-anybody', severity: 'error', from: { path: '^(apps|libs)/', pathNot: '^apps/task/src/webhooks/webhook\\.client\\.ts$|^apps/ml-bridge/src/engines/engine-http\\.client\\.ts$|^apps/ml-bridge/src/engines/comfyui/comfyui-progress\\.client\\.ts$|^apps/ml-bridge/src/transports/server/job-files\\.client\\.ts$|\\.spec\\.ts$|/test/' }, to: { path: 'node_modules/undici/' } },
    { name: 'only-the-breaker-knows-its-library', severity: 'error', from: { path: '^(apps|libs)/', pathNot: '^libs/runtime/src/breaker\\.ts$' }, to: { path: 'node_modules/opossum/' } },
    { name: 'only-messaging-speaks-amqp', severity: 'error', from: { path: '^(apps|libs)/', pathNot: '^libs/(messaging|testing)/|\\.client\\.ts$|\\.spec\\.ts$|/test/' }, to: { path: 'node_modules/amqplib/', dependencyTypesNot: ['type-only'] } },
    { name: 'only-the-celery-clients-speak-redis', severity: 'error', from: { path: '^(apps|libs)/', pathNot: '^apps/ml-bridge/src/transports/celery/redis/[^/]+\\.client\\.ts$|\\.spec\\.ts$|/test/' }, to: { path: 'node_modules/@redis/' } },
    { name: 'a-file-without-a-suffix-is-pure', severity: 'error', from: { path: '^apps/[^/]+/src/[^/]+/[a-z0-9-]+\\.ts$', pathNot: '^apps/engine/' }, to: { path: 'node_modules/(@nestjs|typeorm|amqplib|fastify|pg|minio)/|^node:(fs|net|http|https|child_process)|\\.(service|repository|handler|controller|client|entity|module)\\.ts$' } },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-development-dependency-in-production', severity: 'error', from: { path: '^(apps|libs/(?!testing))', pathNot: '\\.spec\\.ts$|/test/' }, to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] } },
    { name: 'everything-resolves', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
