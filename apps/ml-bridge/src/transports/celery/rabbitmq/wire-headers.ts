/**
 * Headers as Python's AMQP client reads them: it takes the tag of a 16-bit integer, which amqplib gives to numbers from 128 to 32,767,
 * for that of a short string, and its worker dies of it (py-amqp 5.1, `_read_item`). Integers go out with 32 bits.
 */
export function wireHeaders(headers: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, wireValue(value)]));
}

function wireValue(value: unknown): unknown {
  if (Number.isInteger(value)) return { '!': 'int', value };
  return Array.isArray(value) ? value.map(wireValue) : value;
}
