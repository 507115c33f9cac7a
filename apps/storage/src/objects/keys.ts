import type { Attempt } from '#contracts';

const temporary = 'tmp';

/** Where workers write before anything was checked. Whatever lies here is thrown away after a day. */
export const temporaryPrefix = `${temporary}/`;

/** Where everything lies that a file stands for. */
export const keptPrefixes = ['artifacts/', 'inputs/'];

/** Where an accepted upload lies. */
export const inputKey = (ownerId: string, fileId: string): string => `${below('inputs', ownerId)}${fileId}`;

/** One attempt writes below its own key, so that a late worker cannot touch the output of another attempt. */
export const attemptKey = ({ owner_id, task_id, attempt }: Attempt & { owner_id: string }, name: string): string =>
  `${outputsPrefix(owner_id, task_id)}${attempt}/${name}`;

/** Content-addressed: an object below this key never changes once it is there. */
export const artifactKey = (ownerId: string, taskId: string, sha256: string): string =>
  `${artifactsPrefix(ownerId, taskId)}${sha256}`;

/** Where the attempts of one task write. */
export const outputsPrefix = (ownerId: string, taskId: string): string =>
  `${below(temporary, ownerId)}${taskId.toLowerCase()}/`;

/** Where what one task made lies. */
export const artifactsPrefix = (ownerId: string, taskId: string): string =>
  `${below('artifacts', ownerId)}${taskId.toLowerCase()}/`;

/** All that lies in the store for an owner lies below one of these, and nothing of anybody else. */
export const prefixesOf = (ownerId: string): string[] =>
  ['inputs', temporary, 'artifacts'].map((place) => below(place, ownerId));

const below = (place: string, ownerId: string): string => `${place}/${ownerId.toLowerCase()}/`;
