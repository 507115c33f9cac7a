export * from './messages.js';
export * from './topology.js';
export * from './validate.js';
