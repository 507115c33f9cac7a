import { generateKeyPairSync, sign } from 'node:crypto';

/** ASN.1 in DER: a tag, a length, and what is in it. */
function der(tag: number, ...parts: (Buffer | string)[]): Buffer {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part as string)));
  const length = content.length < 128 ? [content.length] : [0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

const [sequence, set, integer, octets, bits, utf8, utcTime] = [0x30, 0x31, 0x02, 0x04, 0x03, 0x0c, 0x17];
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
const ecdsaWithSha256 = der(sequence, oid('2a8648ce3d040302'));
const one = Buffer.from([1]);

/** A certificate for a host name that nobody but its own key vouches for (RFC 5280), as a TLS server takes it. */
export function aCertificate(host: string): { cert: string; key: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = der(sequence, der(set, der(sequence, oid('550403'), der(utf8, host))));
  const names = der(sequence, oid('551d11'), der(octets, der(sequence, der(0x82, host))));
  const toBeSigned = der(
    sequence,
    der(0xa0, der(integer, Buffer.from([2]))),
    der(integer, one),
    ecdsaWithSha256,
    name,
    der(sequence, der(utcTime, '200101000000Z'), der(utcTime, '491231235959Z')),
    name,
    publicKey.export({ format: 'der', type: 'spki' }),
    der(0xa3, der(sequence, names)),
  );
  const signature = der(bits, Buffer.from([0]), sign('sha256', toBeSigned, privateKey));
  const body = der(sequence, toBeSigned, ecdsaWithSha256, signature).toString('base64');
  const cert = `-----BEGIN CERTIFICATE-----\n${body.replaceAll(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
  return { cert, key: privateKey.export({ format: 'pem', type: 'pkcs8' }) as string };
}
