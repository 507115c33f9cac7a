/**
 * What manuals, images, examples and our own settings have for a name or a password, and what people write where a secret should be.
 * A secret that is put together of nothing else is one of them, too: `change-me-in-production`.
 */
const words = `
  admin administrator root user guest postgres postgresql rabbitmq rabbit minio minioadmin lathe gateway auth task storage ml bridge engine
  password passwort passwd pass pwd pw secret key token jwt private access credential credentials
  change changeme changeit replace replaceme me it this that please now your my our the an a to in on for with of at and or not is be must
  example sample default insecure unsafe weak dummy placeholder todo fixme none null empty letmein welcome hello
  test tests testing tester dev devel development local localhost demo staging prod production super service server db database api app
  string value random here least minimum characters character chars char long longer twenty thirty four two some something very really
  qwerty qwertz azerty asdf asdfgh abc abcd abcdef xyz foo bar baz foobar hunter monkey dragon
`
  .trim()
  .split(/\s+/)
  .toSorted((a, b) => b.length - a.length);

const onlyWords = new RegExp(`^(?:${words.join('|')})+$`);
const digitRows = ['01234567890', '09876543210'];
/** Anybody's computer tries all of these. */
const longestTrivial = 4;

/**
 * Whether a secret is one that is tried first: the name of its user, words as above in whatever case and with whatever signs and digits
 * between them, a row of digits, or one of these or a few characters repeated. A random secret is none of them.
 */
export function isDefaultSecret(secret: string, userName?: string): boolean {
  const plain = secret.trim().toLowerCase();
  if (userName !== undefined && plain === userName.toLowerCase()) return true;
  const unit = repeatedUnit(plain);
  if (unit.length <= longestTrivial) return true;
  if (/^\d+$/.test(unit)) return digitRows.some((row) => row.includes(unit));
  return isWords(unit);
}

/** The shortest text that gives this one when it is repeated; the last time may be cut off. */
function repeatedUnit(text: string): string {
  for (let length = 1; length <= text.length / 2; length++) {
    const unit = text.slice(0, length);
    if (unit.repeat(Math.ceil(text.length / length)).startsWith(text)) return unit;
  }
  return text;
}

/** Few letters among many digits are no words: a number with an `a` in it is as good as its digits are many. */
function isWords(text: string): boolean {
  const read = text
    .replaceAll('@', 'a')
    .replaceAll('$', 's')
    .replaceAll(/(?<=[a-z])0(?=[a-z])/g, 'o');
  const parts = read.replaceAll(/[^a-z0-9]+/g, '').split(/\d+/);
  const letters = parts.join('').length;
  const digits = read.replaceAll(/\D/g, '').length;
  return letters >= digits && parts.every((part) => part === '' || onlyWords.test(part));
}
