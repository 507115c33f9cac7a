import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** How long the rest may take. */
const lingerMs = 30_000;

/**
 * A request that is refused while its body is still being sent: the rest is read and dropped before the connection is closed, also when
 * the sender wants it closed (RFC 9112 §9.6). Closed at once, it would be reset under the sender's hands, and a proxy in front of us
 * would say 502 in place of our answer.
 */
export function lingerOverBodies(fastify: FastifyInstance): void {
  fastify.addHook('onSend', (request, reply, payload, done) => {
    if (!request.raw.complete && !reply.raw.shouldKeepAlive) linger(request, reply);
    done(null, payload);
  });
}

function linger({ raw }: FastifyRequest, reply: FastifyReply): void {
  void reply.header('connection', 'keep-alive'); // otherwise Node closes it with the answer
  reply.raw.once('finish', () => {
    const { socket } = raw;
    const late = setTimeout(() => socket.destroy(), lingerMs).unref();
    socket.once('close', () => clearTimeout(late));
    raw.unpipe();
    raw.once('end', () => socket.destroySoon());
    raw.resume();
  });
}
