/** Names in the workers' virtual host. Workers may enter no other, and declare nothing but their own exclusive queue. */
export const workerEventsQueue = 'ml.events';
export const controlExchange = 'ml.control';

/** The queue of one pool of workers: all of them can run the same models. */
export const jobsQueue = (pool: string): string => `ml.jobs.${pool}`;
