/** Where an account stands in the queue of a model when one more task of it comes. */
export interface Standing {
  /** The round that is being handed out. */
  clock: number;
  /** The first round that this account has not had. */
  share: number;
  /** The last round that one of its waiting tasks has; null when none waits. */
  lastRound: number | null;
  /** Grows with every task, and begins again at 0 after `ticketsInARound`. */
  ticket: number;
}

/** So many tasks can tell by their turns who came first within a round. A double keeps whole rounds beside it up to 2^29. */
export const ticketsInARound = 2 ** 24;

export const roundOf = (turn: number): number => Math.floor(turn);

/**
 * The turn of a new task, by start-time fair queueing (Goyal, Vin, Cheng 1996) with tasks that all count one: an account has one task
 * in each round and saves up none. The whole part of a turn is its round and the rest the order of arrival, so that no two are equal
 * and two tasks of an account can exchange theirs without anybody else noticing.
 */
export const turnFor = ({ clock, share, lastRound, ticket }: Standing): number =>
  Math.max(clock, share, lastRound === null ? 0 : lastRound + 1) + ticket / ticketsInARound;
