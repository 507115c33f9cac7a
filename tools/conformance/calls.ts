import { eventually } from '#testing';
import { patienceMs } from './attempts.js';

/** Resolves when a call with such arguments of a method that is spied on was made and is over. */
export async function callOf<T, A extends unknown[]>(
  { mock }: jest.MockInstance<Promise<T>, A>,
  isIt: (...args: A) => boolean,
): Promise<void> {
  const index = await eventually(() => {
    const found = mock.calls.findIndex((args) => isIt(...args));
    if (found === -1) throw new Error('the method was not called');
    return found;
  }, patienceMs);
  await mock.results[index]!.value;
}
