export * from './database.js';
export * from './inbox.js';
export * from './messaging-tables.js';
export * from './migrate.js';
export * from './outage.js';
export * from './outbox.js';
export * from './outbox.relay.js';
export * from './persistence.module.js';
