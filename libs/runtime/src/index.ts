export * from './config.js';
export * from './health.js';
export * from './logging.js';
export * from './network.js';
export * from './run-service.js';
export * from './service.config.js';
export * from './turns.js';
