const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const randomLength = 40;
const checksumLength = 6;

/** How every API key begins: secret scanners look for it. */
export const apiKeyPrefix = 'lathe_';

const form = new RegExp(`^${apiKeyPrefix}[0-9A-Za-z]{${randomLength + checksumLength}}$`);

/** A new key of 238 random bits. `randomBelow(n)` gives a whole number from 0 to n - 1, each as likely: `crypto.randomInt`. */
export function newApiKey(randomBelow: (limit: number) => number): string {
  const random = Array.from({ length: randomLength }, () => alphabet[randomBelow(alphabet.length)]);
  const body = apiKeyPrefix + random.join('');
  return body + checksumOf(body);
}

/** Whether a text can be one of our keys: its form and its checksum are right. Whose key it is, only auth knows. */
export function isWellFormedApiKey(text: string): boolean {
  if (!form.test(text)) return false;
  const body = text.slice(0, -checksumLength);
  return text === body + checksumOf(body);
}

/** The CRC-32 of an ASCII text as six base62 digits, the most significant first. */
function checksumOf(text: string): string {
  let rest = crc32(text);
  let digits = '';
  for (let place = 0; place < checksumLength; place++) {
    digits = alphabet[rest % alphabet.length] + digits;
    rest = Math.floor(rest / alphabet.length);
  }
  return digits;
}

/** CRC-32 as in zlib and PNG (ISO/IEC 8802-3), bit by bit: contracts import nothing of Node. */
function crc32(text: string): number {
  let crc = 0xff_ff_ff_ff;
  for (let at = 0; at < text.length; at++) {
    crc ^= text.charCodeAt(at);
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xed_b8_83_20 : 0);
  }
  return ~crc >>> 0;
}
