import './quiet.js';

export * from './eventually.js';
export * from './fresh-broker.js';
export * from './fresh-database.js';
export * from './mentions-of.js';
export * from './stand-in.js';
export * from './test-store.js';
