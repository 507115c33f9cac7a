import { Problem } from '#contracts';

/** Where the refresh token travels: in the bodies, or in a cookie of the browser. */
export type SessionMode = 'body' | 'cookie';

/** What `?session=` asks for; anything but `cookie` is a 422. */
export function sessionModeOf({ session }: { session?: unknown }): SessionMode {
  if (session === undefined) return 'body';
  if (session === 'cookie') return 'cookie';
  throw new Problem('invalid_parameters', undefined, {
    errors: [{ pointer: '/session', message: 'session must be cookie, or left out' }],
  });
}
