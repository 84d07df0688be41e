import { didOf, type Did } from '../did/did.ts';
import { resolveDid } from '../did/resolve.ts';
import { openJws } from '../didcomm/jws.ts';
import { usableKeys } from '../didcomm/pack.ts';
import { cleanDisplayName } from '../lib/display-name.ts';
import { newRowId } from '../lib/ids.ts';
import type { OobInvitation } from '../protocols/out-of-band/messages.ts';
import { parseInvitation, type InvitationOutcome } from '../protocols/out-of-band/parse.ts';
import { firstSupported } from '../protocols/out-of-band/requests.ts';
import {
  IntentPayload,
  InvitationPayload,
  openRow,
  type FetchFailure,
} from '../storage/payloads.ts';
import { contactName } from './contact-name.ts';
import { blindDid, contactByPriorDid, contactByTheirDid } from './contacts.ts';
import { SUPPORTED_REQUESTS } from './requests.ts';
import type { OpenWallet } from './wallet.ts';

type PureFault = Exclude<
  InvitationOutcome,
  { kind: 'ok' | 'mailbox' | 'expired' | 'short-link' | 'oobid' }
>;

/** What a code turned out to be, in the light of what this wallet knows. */
export type CodeReading =
  | {
      readonly kind: 'ok';
      readonly invitation: OobInvitation;
      readonly mailboxHost: string | undefined;
    }
  /** The invitation has to be fetched from this origin. */
  | { readonly kind: 'elsewhere'; readonly origin: string }
  | CodeRefusal;

export type CodeRefusal =
  | PureFault
  | {
      readonly kind: 'mailbox' | 'expired' | 'unreachable' | 'own' | 'unsigned' | 'unknown-request';
    }
  | { readonly kind: FetchFailure }
  | { readonly kind: 'known'; readonly contactId: string; readonly name: string };

/** Reads a scanned, pasted or opened text. Changes nothing and asks no network. */
export async function readInvitationCode(wallet: OpenWallet, text: string): Promise<CodeReading> {
  const parsed = parseInvitation(text, wallet.clock.now());
  switch (parsed.kind) {
    case 'mailbox':
      return { kind: 'mailbox' };
    case 'short-link':
      return (await isOwnSecret(wallet, parsed.secretB64u))
        ? { kind: 'own' }
        : fetchFrom(parsed.origin);
    case 'oobid':
      return fetchFrom(parsed.url);
    // A code that expired or is spent still leads to the contact it once made.
    case 'ok':
    case 'expired': {
      const known = (await isForged(parsed.invitation))
        ? ({ kind: 'unsigned' } as const)
        : await acquaintance(wallet, parsed.invitation.from);
      if (known) return known;
      return parsed.kind === 'expired' ? { kind: 'expired' } : judgeReach(parsed.invitation);
    }
    case 'not-an-invitation':
    case 'malformed':
    case 'too-large':
    case 'unsupported':
      return parsed;
  }
}

const fetchFrom = (url: string): CodeReading =>
  isHttpUrl(url) ? { kind: 'elsewhere', origin: new URL(url).origin } : { kind: 'unreachable' };

/** A few rows at most: codes of ours that are not over. */
async function isOwnSecret(wallet: OpenWallet, secretB64u: string): Promise<boolean> {
  const now = wallet.clock.now();
  const live = wallet.db.invitations.filter(({ expiresAt }) => expiresAt > now);
  for (const row of await live.toArray()) {
    const payload = await openRow(wallet.vault, InvitationPayload, 'invitations', row);
    if (payload?.secretB64u === secretB64u) return true;
  }
  return false;
}

/** A signed invitation must be signed by whom it is from; most are not signed at all. */
async function isForged({ signed, from }: OobInvitation): Promise<boolean> {
  if (!signed) return false;
  const opened = await openJws(signed, resolveDid);
  return (
    opened.kind !== 'ok' || opened.layer.kind !== 'signed' || didOf(opened.layer.signerKid) !== from
  );
}

/** Ourselves, or a contact that has this DID or had it before it moved. */
async function acquaintance(wallet: OpenWallet, from: Did): Promise<CodeRefusal | undefined> {
  const mine = await blindDid(wallet.vault, from);
  if (
    (await wallet.db.invitations.where('hMyDid').equals(mine).count()) > 0 ||
    (await wallet.db.contacts.where('hMyDid').equals(mine).count()) > 0
  )
    return { kind: 'own' };
  const known = (await contactByTheirDid(wallet, from)) ?? (await contactByPriorDid(wallet, from));
  return known && { kind: 'known', contactId: known.row.id, name: contactName(known.payload) };
}

async function judgeReach(invitation: OobInvitation): Promise<CodeReading> {
  const { requests } = invitation;
  if (requests && !firstSupported(requests, SUPPORTED_REQUESTS)) return { kind: 'unknown-request' };
  const resolved = await resolveDid(invitation.from);
  if (resolved.kind !== 'ok')
    return resolved.kind === 'unsupported'
      ? { kind: 'unsupported', what: 'other-protocol' }
      : { kind: 'malformed' };
  const { services } = resolved.document;
  if ((await usableKeys(resolved.document, 'X25519')).length === 0) return { kind: 'malformed' };
  const urls = await Promise.all(services.map(({ uri }) => endpointUrl(uri)));
  const endpoint = urls.find((url) => url !== undefined);
  if (endpoint === undefined) return { kind: 'unreachable' };
  return { kind: 'ok', invitation, mailboxHost: new URL(endpoint).host };
}

/** The http(s) URL behind a service `uri`, which may itself be a DID (one level). */
async function endpointUrl(uri: string): Promise<string | undefined> {
  const viaDid = didOf(uri);
  if (viaDid === undefined) return isHttpUrl(uri) ? uri : undefined;
  const resolved = await resolveDid(viaDid);
  if (resolved.kind !== 'ok') return undefined;
  return resolved.document.services.map((service) => service.uri).find(isHttpUrl);
}

const isHttpUrl = (text: string): boolean => /^https?:\/\//.test(text) && URL.canParse(text);

/**
 * Keeps a text that the person opened, so that it survives reloads until it is decided on. A short link of
 * the app's own origin is fetched at once, any other after the person has seen its host.
 */
export async function storeIntent(
  wallet: OpenWallet,
  text: string,
  state: 'open' | 'arrived',
  ownOrigin: string,
): Promise<string> {
  const id = newRowId();
  const parsed = parseInvitation(text, wallet.clock.now());
  const isOurs = parsed.kind === 'short-link' && new URL(parsed.origin).origin === ownOrigin;
  const x = await wallet.vault.seal('intents', id, { text });
  const row = { id, at: wallet.clock.now(), state, x };
  await wallet.db.intents.put(isOurs ? { ...row, fetch: 'asked' } : row);
  return id;
}

/** The person agreed to ask the host that the link names. */
export async function fetchIntent({ db }: Pick<OpenWallet, 'db'>, id: string): Promise<void> {
  await db.intents.update(id, { fetch: 'asked' });
}

export type IntentReading =
  | CodeReading
  /** The service worker fetches it as soon as it can. */
  | { readonly kind: 'opening'; readonly origin: string }
  | { readonly kind: 'gone' };

export async function readIntent(wallet: OpenWallet, id: string): Promise<IntentReading> {
  const row = await wallet.db.intents.get(id);
  const payload = row && (await openRow(wallet.vault, IntentPayload, 'intents', row));
  if (!payload) return { kind: 'gone' };
  if (payload.failure) return { kind: payload.failure };
  const reading = await readInvitationCode(wallet, payload.text);
  return reading.kind === 'elsewhere' && row.fetch === 'asked'
    ? { ...reading, kind: 'opening' }
    : reading;
}

/** The inviter's name as claimed: label, else goal, else nobody in particular. Cleaned for display. */
export const invitationName = (invitation: OobInvitation): string =>
  cleanDisplayName(invitation.label ?? '') || cleanDisplayName(invitation.goal ?? '');
