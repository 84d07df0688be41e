import { fromUtf8 } from '../lib/bytes.ts';
import { linkIdOf, openLink } from '../protocols/blind-link/seal.ts';
import { MAX_CONTENT_BYTES } from '../protocols/blind-link/messages.ts';
import { parseInvitation, type Elsewhere } from '../protocols/out-of-band/parse.ts';
import { IntentPayload, openRow, type FetchFailure } from '../storage/payloads.ts';
import type { IntentRow } from '../storage/schema.ts';
import { judgeEndpoint } from '../transport/endpoint-policy.ts';
import type { GetOutcome } from '../transport/http.ts';
import { meet } from './meet.ts';
import type { SendingPorts } from './resolve-for-sending.ts';
import type { Wallet } from './wallet.ts';

export type FetchPorts = Wallet & SendingPorts;

export type AskPorts = Pick<FetchPorts, 'http' | 'ownOrigin'>;

/** As much as a link of another wallet may bring; longer than any invitation. */
const MAX_ANSWER_BYTES = 64 * 1024;

type Fetched =
  | { readonly kind: 'text'; readonly content: Pick<IntentPayload, 'text' | 'linkId'> }
  | { readonly kind: 'failed'; readonly why: FetchFailure }
  /** No network: it stays asked for. */
  | { readonly kind: 'later' };

/**
 * Fetches what opened links lead to, and puts it in their place; and the documents of people who are did:web.
 * Only links of the own origin, and hosts that the person has seen and agreed to, are asked (security.md
 * section 7.1).
 * @returns whether something still waits for the network
 */
export async function fetchCodes(ports: FetchPorts): Promise<boolean> {
  let waits = false;
  for (const row of await ports.db.intents.where('fetch').equals('asked').toArray()) {
    if (row.state === 'contact') {
      if (await meet(ports, row, () => isOnline(ports))) waits = true;
      continue;
    }
    const payload = await openRow(ports.vault, IntentPayload, 'intents', row);
    if (!payload) continue;
    const { text } = payload;
    const parsed = payload.mailbox
      ? ({ kind: 'oobid', url: text } as const)
      : parseInvitation(text, ports.clock.now());
    const fetched: Fetched =
      parsed.kind === 'short-link' || parsed.kind === 'oobid'
        ? await fetchOne(ports, parsed)
        : textOf(text);
    if (fetched.kind === 'later') waits = true;
    else await keep(ports, row, payload, fetched);
  }
  return waits;
}

async function keep(
  { db, vault }: FetchPorts,
  row: IntentRow,
  asked: IntentPayload,
  fetched: Exclude<Fetched, { kind: 'later' }>,
): Promise<void> {
  const payload = fetched.kind === 'failed' ? { ...asked, failure: fetched.why } : fetched.content;
  const x = await vault.seal('intents', row.id, payload);
  const { id, at, state } = row;
  await db.transaction('rw', db.intents, async () => {
    // Declined meanwhile: it does not come back.
    if ((await db.intents.get(id))?.fetch !== 'asked') return;
    await db.intents.put({ id, at, state, fetch: 'done', x });
  });
}

/** Asks where a link leads, unless the policy forbids to go there. */
export async function fetchOne(ports: AskPorts, link: Elsewhere): Promise<Fetched> {
  const linkId = link.kind === 'oobid' ? undefined : await linkIdOf(link.secretB64u);
  const url = link.kind === 'oobid' ? link.url : `${link.origin}/i/${linkId ?? ''}`;
  const verdict = judgeEndpoint(url, ports.ownOrigin);
  if (verdict.kind !== 'ok') return NO_ANSWER;
  const { href } = verdict.url;
  const answer =
    link.kind === 'oobid'
      ? // "Short URL Message Retrieval" answers by a redirect to the long form, or by what it holds.
        await ports.http.get(href, { maxBytes: MAX_ANSWER_BYTES, redirect: 'follow' })
      : await ports.http.get(href, { maxBytes: MAX_CONTENT_BYTES, redirect: 'error' });
  if (answer.kind === 'unreachable' || answer.status === 429 || answer.status >= 500)
    return (await isOnline(ports)) ? NO_ANSWER : { kind: 'later' };
  if (link.kind === 'oobid') return readAnswer(answer, ports.ownOrigin);
  const opened = await openContent(answer, link.secretB64u);
  return opened.kind === 'text' && linkId !== undefined
    ? { kind: 'text', content: { ...opened.content, linkId } }
    : opened;
}

const textOf = (text: string): Fetched => ({ kind: 'text', content: { text } });

const NO_ANSWER: Fetched = { kind: 'failed', why: 'no-answer' };

/** Whether the app's own server answers: then it is the other host that does not. */
const isOnline = async ({ http }: AskPorts): Promise<boolean> =>
  (await http.getText('/health')) !== undefined;

type Answer = Extract<GetOutcome, { kind: 'answered' }>;

async function openContent({ status, bytes }: Answer, secretB64u: string): Promise<Fetched> {
  if (status !== 200) return { kind: 'failed', why: 'withdrawn' };
  const text = await openLink(secretB64u, bytes);
  return text === undefined ? { kind: 'failed', why: 'malformed' } : textOf(text);
}

function readAnswer({ status, url, bytes }: Answer, ownOrigin: string): Fetched {
  if (/[?&#]_?oob=/.test(url)) return textOf(url);
  // A redirect may have led where we would not have gone.
  if (judgeEndpoint(url, ownOrigin).kind !== 'ok') return NO_ANSWER;
  if (status < 200 || status > 299) return { kind: 'failed', why: 'withdrawn' };
  return textOf(fromUtf8(bytes) ?? '');
}
