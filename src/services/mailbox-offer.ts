import type { Did } from '../did/did.ts';
import { resolveDid } from '../did/resolve.ts';
import { cleanDisplayName } from '../lib/display-name.ts';
import { parseInvitation } from '../protocols/out-of-band/parse.ts';
import { requestedMailbox } from './mailbox-account.ts';
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
  | { readonly kind: 'in-use' | 'no-offer' | 'unreachable' };

/** Reads a mediator's invitation. Changes nothing and asks no network. */
export async function readMailboxOffer(wallet: OpenWallet, text: string): Promise<OfferReading> {
  const parsed = parseInvitation(text, wallet.clock.now());
  if (parsed.kind !== 'mailbox') return { kind: 'no-offer' };
  const { from, label } = parsed.invitation;
  const ready = await readyMediator(wallet);
  if (ready && [ready.mediatorDid, ...(ready.priorMediatorDids ?? [])].includes(from))
    return { kind: 'in-use' };
  const host = await hostOf(from);
  if (host === undefined) return { kind: 'unreachable' };
  return { kind: 'offer', offer: { mediatorDid: from, host, name: cleanDisplayName(label ?? '') } };
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
