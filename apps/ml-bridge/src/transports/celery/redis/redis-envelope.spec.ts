import fc from 'fast-check';
import { opened, sealed } from './redis-envelope.js';

describe("a message in kombu's lists", () => {
  it('comes out as it went in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.dictionary(fc.string(), fc.string()), (body, headers) => {
        const envelope = opened(sealed({ headers, body, replyTo: 'answers', correlationId: 'x' }, 'plain', 'tag'));
        expect(envelope).toEqual({ contentType: 'application/json', headers: { ...headers }, body });
      }),
    );
  });

  it("has what kombu's Redis transport reads", () => {
    expect(
      JSON.parse(sealed({ headers: {}, body: '[]', replyTo: 'answers', correlationId: 'x' }, 'plain', 'tag')),
    ).toEqual({
      body: 'W10=',
      'content-encoding': 'utf-8',
      'content-type': 'application/json',
      headers: {},
      properties: {
        correlation_id: 'x',
        reply_to: 'answers',
        delivery_mode: 2,
        delivery_info: { exchange: '', routing_key: 'plain' },
        priority: 0,
        body_encoding: 'base64',
        delivery_tag: 'tag',
      },
    });
  });

  it.each(['', 'x', 'null', '[]', '{}', '{"body":1}'])('is not %s', (text) => expect(opened(text)).toBeNull());

  it('may be a body that is not packed', () => {
    expect(opened('{"body":"[]","headers":null,"properties":{}}')).toMatchObject({ body: '[]', headers: {} });
  });
});
