/** The pool of a model in the table of jobs, where each model has its own server. */
export const serverPool = (modelId: string): string => `server:${modelId}`;

/** Under what name the bridge reports for the server of a model (ml-event.v1, worker_id): the same one in every process. */
export const serverWorkerId = (modelId: string): string =>
  `server.${modelId.replaceAll(/[^A-Za-z0-9_.@:-]/g, '_')}`.slice(0, 100);
