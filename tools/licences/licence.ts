/**
 * SPDX identifiers of what may ship: permission to use, change and pass on for keeping a notice. No copyleft, weak or strong; of MPL and
 * EPL, too, nothing ships, so that nobody has to ask which files count.
 */
const permissive = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'OFL-1.1',
  'Python-2.0',
  'Unicode-3.0',
  'Unlicense',
  'Zlib',
]);

/**
 * Whether an SPDX licence expression (SPDX 2.3, annex D) permits what we need: of `OR` one side is enough, of `AND` both are needed.
 * What is no such expression does not.
 */
export function isPermissive(expression: string): boolean {
  const tokens = expression.match(/[()]|[^\s()]+/g) ?? [];
  let at = 0;
  const either = (): boolean => {
    let allowed = both();
    while (tokens[at] === 'OR') {
      at++;
      allowed = both() || allowed;
    }
    return allowed;
  };
  const both = (): boolean => {
    let allowed = one();
    while (tokens[at] === 'AND') {
      at++;
      allowed = one() && allowed;
    }
    return allowed;
  };
  const one = (): boolean => {
    const token = tokens[at++] ?? '';
    if (token !== '(') return permissive.has(token);
    const allowed = either();
    return tokens[at++] === ')' && allowed;
  };
  return either() && at === tokens.length;
}
