const longestBytes = 255;
const defaultStem = 'upload';

/** The first extension is what a name without a fitting one is given. */
const extensions: Record<string, readonly [string, ...string[]]> = {
  'image/png': ['png'],
  'image/jpeg': ['jpg', 'jpeg', 'jpe', 'jfif'],
  'image/webp': ['webp'],
  'model/gltf-binary': ['glb'],
};

/** Names of devices, whatever their extension is: Windows makes no file of them. */
const reserved = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])\s*(?:\.|$)/iu;

/**
 * The last segment of what a client called its file, without anything that could mislead a reader, a shell or a header:
 * no path, no control or invisible character, no bidirectional override, no quote. May be empty.
 */
export function cleanName(given: string): string {
  return given
    .toWellFormed()
    .normalize('NFC')
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ')
    .replaceAll(/(?![\u200c\u200d])\p{Cf}/gu, '') // the joiners belong to words and emoji
    .replace(/^.*[/\\]/su, '')
    .replaceAll(/[<>:"|?*]/g, '_')
    .replaceAll(/\s+/gu, ' ')
    .replace(/^[\s.]+/u, '')
    .replace(/[\s.]+$/u, '');
}

/** A name of at most 255 bytes whose extension says what the content is. */
export function nameFor(given: string, mediaType: string): string {
  const fitting = extensions[mediaType] ?? ['bin'];
  const [, stem = '', extension = ''] = /^(.*?)(?:\.([A-Za-z0-9]{1,8}))?$/su.exec(cleanName(given)) ?? [];
  const end = `.${fitting.includes(extension.toLowerCase()) ? extension : fitting[0]}`;
  return cut(usable(stem.trimEnd()), longestBytes - end.length) + end;
}

function usable(stem: string): string {
  if (stem === '') return defaultStem;
  return reserved.test(stem) ? `_${stem}` : stem;
}

/** The longest beginning of whole characters that fits. */
function cut(text: string, bytes: number): string {
  let length = 0;
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    length += Buffer.byteLength(segment);
    if (length > bytes) break;
    kept += segment;
  }
  return kept || defaultStem;
}
