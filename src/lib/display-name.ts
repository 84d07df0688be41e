// C0 and C1 controls, zero-width and bidirectional controls, the byte-order mark (security.md T15).
const INVISIBLE = /[\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/gu;
const MAX_GRAPHEMES = 64;

/**
 * A name somebody gave, made safe to draw: one line, no control or bidi characters, NFC, at most 64
 * graphemes. Empty when nothing is left.
 */
export function cleanDisplayName(claimed: string): string {
  const text = claimed
    .slice(0, 4096)
    .replace(/\s+/gu, ' ')
    .replace(INVISIBLE, '')
    .normalize('NFC')
    .trim();
  const graphemes = [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)];
  return graphemes
    .slice(0, MAX_GRAPHEMES)
    .map((grapheme) => grapheme.segment)
    .join('')
    .trim();
}
