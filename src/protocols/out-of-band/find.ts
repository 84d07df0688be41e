import { parseInvitation, type InvitationOutcome } from './parse.ts';

/** A mail that holds an invitation is shorter; of what is longer no part is looked for. */
const MAX_SEARCHED = 64 * 1024;
/** No invitation is longer (`parseInvitation`). */
const MAX_LINK = 16 * 1024;
/** An invitation of 8 KiB takes some 150 lines of a mail. */
const MAX_TRIES = 300;

type Kind = InvitationOutcome['kind'];
const SOUND: readonly Kind[] = ['ok', 'expired', 'mailbox', 'short-link', 'oobid'];

/**
 * The invitation in a text that somebody pasted or shared: words around it, brackets, quotes and a full stop are
 * left away, and a link that a mail program broke over lines is put together. Of several links it is the first
 * that is an invitation. Pure.
 * @returns the text as it is when it is an invitation itself, or holds none; else the link, or one that is damaged
 */
export function codeIn(text: string, nowMs: number): string {
  const kindOf = (code: string): Kind => parseInvitation(code, nowMs).kind;
  const whole = kindOf(text);
  const isUnclear = ['not-an-invitation', 'malformed', 'too-large'].includes(whole);
  // What stands inside of JSON was not meant to be opened.
  if (!isUnclear || text.length > MAX_SEARCHED || text.trim().startsWith('{')) return text;
  let damaged: string | undefined;
  let tries = 0;
  for (const link of linksIn(text)) {
    const kind = kindOf(link);
    if (SOUND.includes(kind)) return link;
    if (kind !== 'not-an-invitation') damaged ??= link;
    tries += 1;
    if (tries === MAX_TRIES) break;
  }
  return whole === 'not-an-invitation' ? (damaged ?? text) : text;
}

const IN_LINK = '[^\\s<>"\'`“”„‘’«»‹›「」（）。，、]+';
const LINK = new RegExp(`[a-z][a-z0-9+.-]{1,30}:${IN_LINK}`, 'gi');
/** Up to the next line, which a mail program may have marked as quoted, and what stands first there. */
const NEXT_LINE = `[ \\t]*\\r?\\n(?:> ?)*[ \\t]*(${IN_LINK})`;

/** Each link as it stands, then together with what follows on the next lines, one after the other. */
function* linksIn(text: string): Generator<string> {
  for (const match of text.matchAll(LINK)) {
    const [found] = match;
    // "Link:https://…": a word and a colon are no scheme.
    let link = found.slice(Math.max(0, found.search(/https?:\/\//i)));
    yield* endings(link);
    const next = new RegExp(NEXT_LINE, 'y');
    next.lastIndex = match.index + found.length;
    while (link.length <= MAX_LINK) {
      const more = next.exec(text)?.[1];
      if (more === undefined) break;
      link += more;
      yield* endings(link);
    }
  }
}

/** Without what ends a sentence, and with it. */
function* endings(link: string): Generator<string> {
  let end = link.length;
  while ('.,;:!?)]}*|'.includes(link.charAt(end - 1)) && end > 0) end -= 1;
  if (end < link.length) yield link.slice(0, end);
  yield link;
}
