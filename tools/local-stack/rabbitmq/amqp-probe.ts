import { createConnection } from 'node:net';

/** AMQP 0-9-1, 4.2.2: a server answers the protocol header with the method frame (type 1) connection.start. */
export const speaksAmqp = (port: number): Promise<boolean> =>
  converse(port, Buffer.from('AMQP\0\0\x09\x01', 'latin1'), (answer) => answer[0] === 1);

/** Whether anything listens there. */
export const acceptsConnections = (port: number): Promise<boolean> => converse(port, undefined, () => true);

/** Whether a server on loopback accepts a connection and, when something is said to it, gives the expected answer. */
export function converse(
  port: number,
  say: Buffer | undefined,
  expected: (answer: Buffer) => boolean,
): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1');
    const end = (result: boolean): void => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(2000, () => end(false));
    socket.once('error', () => end(false));
    socket.once('connect', () => (say ? socket.write(say) : end(true)));
    socket.once('data', (answer) => end(expected(answer)));
    socket.once('close', () => end(false));
  });
}
