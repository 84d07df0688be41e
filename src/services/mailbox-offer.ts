import type { Did } from '../did/did.ts';
import { resolveDid } from '../did/resolve.ts';
import { newRowId } from '../lib/ids.ts';
import { cleanDisplayName } from '../lib/display-name.ts';
import { isLocalHost } from '../lib/local-host.ts';
import { codeIn } from '../protocols/out-of-band/find.ts';
import { parseInvitation } from '../protocols/out-of-band/parse.ts';
import { asksLogin, requestedMailbox } from './mailbox-account.ts';
import { readyMediator } from './mediators.ts';
import type { OpenWallet } from './wallet.ts';

/** A mailbox that somebody offers by a code. */
export interface MailboxOffer {
  readonly mediatorDid: Did;
  readonly host: string;
  /** As it calls itself, cleaned; '' when it does not. */
  readonly name: string;
}

export type OfferReading =
  | { readonly kind: 'offer'; readonly offer: MailboxOffer }
  | { readonly kind: 'in-use' | 'no-offer' | 'unreachable' | 'login' };

/** Reads a mediator's invitation. Changes nothing and asks no network. */
export async function readMailboxOffer(wallet: OpenWallet, text: string): Promise<OfferReading> {
  const now = wallet.clock.now();
  const parsed = parseInvitation(codeIn(text, now), now);
  if (parsed.kind !== 'mailbox') return { kind: 'no-offer' };
  const { from, label } = parsed.invitation;
  const ready = await readyMediator(wallet);
  if (ready && [ready.mediatorDid, ...(ready.priorMediatorDids ?? [])].includes(from))
    return { kind: 'in-use' };
  const resolved = await resolveDid(from);
  if (resolved.kind === 'ok' && asksLogin(resolved.document)) return { kind: 'login' };
  const host = await hostOf(from);
  if (host === undefined) return { kind: 'unreachable' };
  return { kind: 'offer', offer: { mediatorDid: from, host, name: cleanDisplayName(label ?? '') } };
}

const BARE_HOST = /^([a-z0-9-]+\.)+[a-z0-9-]+(:\d+)?$|^localhost(:\d+)?$/i;

/**
 * Where the invitation of a mailbox lies whose address the person gives: there itself, or at `/invitation` of a
 * bare host, as many mediators have it. Undefined for what is no such address.
 */
function invitationAt(address: string): string | undefined {
  // As the screen itself says where a mailbox is: its host alone.
  const isHost = BARE_HOST.test(address);
  const isLocal = isHost && isLocalHost(address.replace(/:\d+$/, ''));
  const text = isHost ? `${isLocal ? 'http' : 'https'}://${address}` : address;
  if (!/^https?:\/\/[^\s#]+$/i.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.pathname === '/' && url.search === '' ? new URL('/invitation', url).href : url.href;
}

/**
 * Reads what somebody gives who wants to move: a code, or the address of a mailbox, which the service worker
 * then asks for its invitation: the person named that host.
 */
export async function openMailboxCode(
  wallet: OpenWallet,
  text: string,
): Promise<OfferReading | { readonly kind: 'asked'; readonly intentId: string }> {
  const reading = await readMailboxOffer(wallet, text);
  const url = invitationAt(text.trim());
  const now = wallet.clock.now();
  const { kind } = parseInvitation(codeIn(text, now), now);
  const isAddress = kind === 'not-an-invitation' || kind === 'oobid';
  if (reading.kind !== 'no-offer' || url === undefined || !isAddress) return reading;
  const id = newRowId();
  const x = await wallet.vault.seal('intents', id, { text: url, mailbox: true });
  await wallet.db.intents.add({ id, at: now, state: 'open', fetch: 'asked', x });
  return { kind: 'asked', intentId: id };
}

/** Where a mediator lives. */
export async function hostOf(did: Did): Promise<string | undefined> {
  // The document of a did:web is fetched by who sends to it; its name is the host (rule I57).
  const [, method, domain = ''] = did.split(':');
  if (method === 'web') return domain.replace(/%3a/i, ':');
  const resolved = await resolveDid(did);
  const services = resolved.kind === 'ok' ? resolved.document.services : [];
  const url = services.map(({ uri }) => uri).find((uri) => /^https?:/.test(uri));
  return url !== undefined && URL.canParse(url) ? new URL(url).host : undefined;
}

/** The person wants this mailbox: the service worker sets it up. What was wanted before is wanted no more. */
export async function requestMailbox(wallet: OpenWallet, offer: MailboxOffer): Promise<void> {
  const { row } = await requestedMailbox(wallet, offer.mediatorDid, offer.name);
  const { mediators } = wallet.db;
  await wallet.db.transaction('rw', mediators, async () => {
    await mediators.where('state').equals('requested').delete();
    await mediators.add(row);
  });
}

/** The person stays where they are. */
export async function withdrawMailboxRequest({ db }: Pick<OpenWallet, 'db'>): Promise<void> {
  await db.mediators.where('state').equals('requested').delete();
}
