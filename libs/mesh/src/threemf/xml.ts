const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/**
 * Text for an XML 1.0 attribute. What the standard forbids even when escaped (§2.2 Char: control characters, halves of
 * surrogate pairs, U+FFFE and U+FFFF) becomes a space, and so do line ends and tabs, which §3.3.3 would turn into one.
 */
export function xmlText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, ' ').replace(/[&<>"']/g, (character) => entities[character]!);
}
