import { didOf, type Did, type ResolveDid } from '../did/did.ts';
import { resolveDid } from '../did/resolve.ts';
import { verifyAttachment } from '../didcomm/attachment-signature.ts';
import { openJws } from '../didcomm/jws.ts';
import { usableKeys } from '../didcomm/pack.ts';
import { newRowId } from '../lib/ids.ts';
import { linkIdOf } from '../protocols/blind-link/seal.ts';
import type { OobInvitation } from '../protocols/out-of-band/messages.ts';
import { codeIn } from '../protocols/out-of-band/find.ts';
import { parseInvitation, type InvitationOutcome } from '../protocols/out-of-band/parse.ts';
import { firstSupported } from '../protocols/out-of-band/requests.ts';
import { IntentPayload, openRow, type FetchFailure } from '../storage/payloads.ts';
import type { InvitationRow } from '../storage/schema.ts';
import { contactName } from './contact-name.ts';
import { isDidWeb } from './contact-document.ts';
import { blindDid, blindLink, contactByTheirDid, openContact, type Contact } from './contacts.ts';
import { contactByPriorDid } from './prior-contacts.ts';
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
      /** Of the short link that it came by. */
      readonly linkId?: string;
    }
  /** The invitation has to be fetched from this origin. */
  | { readonly kind: 'elsewhere'; readonly origin: string }
  | CodeRefusal;

export type CodeRefusal =
  | PureFault
  | {
      readonly kind:
        'mailbox' | 'expired' | 'unreachable' | 'own' | 'own-over' | 'unsigned' | 'unknown-request';
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
      return (await byLink(wallet, parsed.secretB64u)) ?? fetchFrom(parsed.origin);
    case 'oobid':
      return fetchFrom(parsed.url);
    // A code that expired or is spent still leads to the contact it once made.
    case 'ok':
    case 'expired': {
      const { from } = parsed.invitation;
      // A did:web says only to who may ask for it whose signature that is.
      const known =
        !isDidWeb(from) && (await isForged(parsed.invitation, resolveDid))
          ? ({ kind: 'unsigned' } as const)
          : await acquaintance(wallet, from);
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

/** Ourselves, or the contact that this link led to: what lies behind it may be withdrawn by now. */
async function byLink(wallet: OpenWallet, secretB64u: string): Promise<CodeRefusal | undefined> {
  const hLink = await blindLink(wallet.vault, await linkIdOf(secretB64u));
  const own = await wallet.db.invitations.get({ hLink });
  if (own) return ownCode(wallet, own);
  const row = await wallet.db.contacts.get({ hLink });
  const contact = row && (await openContact(wallet, row));
  return contact && knownContact(contact);
}

/** A code of ours, and whether it still lets somebody in. */
const ownCode = ({ clock }: OpenWallet, { state, expiresAt }: InvitationRow): CodeRefusal => {
  const isOver = state === 'answered' || state === 'revoked' || expiresAt <= clock.now();
  return { kind: isOver ? 'own-over' : 'own' };
};

/** A code that did not let us in leads to nobody. */
const knownContact = ({ row, payload }: Contact): CodeRefusal =>
  row.state === 'void'
    ? { kind: 'withdrawn' }
    : { kind: 'known', contactId: row.id, name: contactName(payload) };

/**
 * What is signed, the invitation or an attachment of it, must be signed by whom it is from; most are not signed
 * at all (messaging spec, "Attachments", `jws`).
 */
export async function isForged(
  { signed, signedData, from }: OobInvitation,
  resolve: ResolveDid,
): Promise<boolean> {
  for (const data of signedData) {
    const verdict = await verifyAttachment({ data }, resolve);
    if (verdict.kind !== 'ok' || didOf(verdict.signerKid) !== from) return true;
  }
  if (!signed) return false;
  const opened = await openJws(signed, resolve);
  return (
    opened.kind !== 'ok' || opened.layer.kind !== 'signed' || didOf(opened.layer.signerKid) !== from
  );
}

/** Ourselves, or a contact that has this DID or had it before it moved. */
async function acquaintance(wallet: OpenWallet, from: Did): Promise<CodeRefusal | undefined> {
  const hMyDid = await blindDid(wallet.vault, from);
  const own = await wallet.db.invitations.get({ hMyDid });
  if (own) return ownCode(wallet, own);
  if ((await wallet.db.contacts.where({ hMyDid }).count()) > 0) return { kind: 'own' };
  const known = (await contactByTheirDid(wallet, from)) ?? (await contactByPriorDid(wallet, from));
  return known && knownContact(known);
}

async function judgeReach(invitation: OobInvitation): Promise<CodeReading> {
  const { requests } = invitation;
  if (requests && !firstSupported(requests, SUPPORTED_REQUESTS)) return { kind: 'unknown-request' };
  if (isDidWeb(invitation.from)) {
    // Its host is shown, and asked after the person said yes (security.md section 7.1).
    const url = (await import('../did/web.ts')).didWebUrl(invitation.from);
    return url === undefined
      ? { kind: 'malformed' }
      : { kind: 'ok', invitation, mailboxHost: new URL(url).host };
  }
  const resolved = await resolveDid(invitation.from);
  if (resolved.kind !== 'ok')
    return resolved.kind === 'unsupported'
      ? { kind: 'unsupported', what: 'other-protocol' }
      : { kind: 'malformed' };
  const { services } = resolved.document;
  if ((await usableKeys(resolved.document)).length === 0) return { kind: 'malformed' };
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
  const code = codeIn(text, wallet.clock.now());
  const parsed = parseInvitation(code, wallet.clock.now());
  const isOurs =
    parsed.kind === 'short-link' &&
    new URL(parsed.origin).origin === ownOrigin &&
    (await byLink(wallet, parsed.secretB64u)) === undefined;
  const x = await wallet.vault.seal('intents', id, { text: code });
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
  /** The code of a mailbox: another question than whom to connect with. */
  | { readonly kind: 'offers-mailbox'; readonly code: string }
  | { readonly kind: 'gone' };

/** What was opened, or fetched in its place; undefined when it is gone. */
export async function intentText(wallet: OpenWallet, id: string): Promise<string | undefined> {
  const row = await wallet.db.intents.get(id);
  return row && (await openRow(wallet.vault, IntentPayload, 'intents', row))?.text;
}

export async function readIntent(wallet: OpenWallet, id: string): Promise<IntentReading> {
  const row = await wallet.db.intents.get(id);
  const payload = row && (await openRow(wallet.vault, IntentPayload, 'intents', row));
  if (!payload) return { kind: 'gone' };
  const { text, linkId, failure, mailbox } = payload;
  const reading = mailbox ? fetchFrom(text) : await readInvitationCode(wallet, text);
  if (reading.kind === 'mailbox') return { kind: 'offers-mailbox', code: text };
  if (reading.kind === 'ok' && linkId !== undefined) return { ...reading, linkId };
  if (reading.kind !== 'elsewhere') return reading;
  if (failure) return { kind: failure };
  return row.fetch === 'asked' ? { ...reading, kind: 'opening' } : reading;
}
