/** Where workers write before anything was checked. Whatever lies here is thrown away after a day. */
export const temporaryPrefix = 'tmp/';

/** Where an accepted upload lies. */
export const inputKey = (ownerId: string, fileId: string): string => `inputs/${ownerId}/${fileId}`;

/** One attempt writes below its own key, so that a late worker cannot touch the output of another attempt. */
export const attemptKey = (taskId: string, attempt: number, name: string): string =>
  `${temporaryPrefix}${taskId}/${attempt}/${name}`;

/** Content-addressed: an object below this key never changes once it is there. */
export const artifactKey = (taskId: string, sha256: string): string => `artifacts/${taskId}/${sha256}`;
