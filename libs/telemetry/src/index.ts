export * from './looked-up-gauge.js';
export * from './metrics.js';
export * from './observed.js';
export * from './request-context.js';
export * from './traceparent.js';
export * from './tracing.js';
