import { didOf } from '../did/did.ts';
import { resolveDid } from '../did/resolve.ts';
import { usableKeys } from '../didcomm/pack.ts';
import { cleanDisplayName } from '../lib/display-name.ts';
import { newRowId } from '../lib/ids.ts';
import type { OobInvitation } from '../protocols/out-of-band/messages.ts';
import { parseInvitation, type InvitationOutcome } from '../protocols/out-of-band/parse.ts';
import { IntentPayload, openRow } from '../storage/payloads.ts';
import { contactName } from './contact-name.ts';
import { blindDid, contactByPriorDid, contactByTheirDid } from './contacts.ts';
import type { OpenWallet } from './wallet.ts';

type PureFault = Exclude<InvitationOutcome, { kind: 'ok' | 'mailbox' | 'expired' }>;

/** What a code turned out to be, in the light of what this wallet knows. */
export type CodeReading =
  | {
      readonly kind: 'ok';
      readonly invitation: OobInvitation;
      readonly mailboxHost: string | undefined;
    }
  | PureFault
  | { readonly kind: 'mailbox' | 'expired' | 'unreachable' | 'own' }
  | { readonly kind: 'known'; readonly contactId: string; readonly name: string };

/** Reads a scanned, pasted or opened text. Changes nothing and asks no network. */
export async function readInvitationCode(wallet: OpenWallet, text: string): Promise<CodeReading> {
  const parsed = parseInvitation(text, wallet.clock.now());
  if (parsed.kind === 'mailbox') return { kind: 'mailbox' };
  // A code that expired or is spent still leads to the contact it once made.
  if (parsed.kind !== 'ok' && parsed.kind !== 'expired') return parsed;
  const { from } = parsed.invitation;
  const mine = await blindDid(wallet.vault, from);
  if (
    (await wallet.db.invitations.where('hMyDid').equals(mine).count()) > 0 ||
    (await wallet.db.contacts.where('hMyDid').equals(mine).count()) > 0
  )
    return { kind: 'own' };
  const known = (await contactByTheirDid(wallet, from)) ?? (await contactByPriorDid(wallet, from));
  if (known) return { kind: 'known', contactId: known.row.id, name: contactName(known.payload) };
  return parsed.kind === 'expired' ? { kind: 'expired' } : judgeReach(parsed.invitation);
}

async function judgeReach(invitation: OobInvitation): Promise<CodeReading> {
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

/** Keeps a text that the person opened, so that it survives reloads until it is decided on. */
export async function storeIntent(
  wallet: OpenWallet,
  text: string,
  state: 'open' | 'arrived',
): Promise<string> {
  const id = newRowId();
  const x = await wallet.vault.seal('intents', id, { text });
  await wallet.db.intents.put({ id, at: wallet.clock.now(), state, x });
  return id;
}

export async function intentText(wallet: OpenWallet, id: string): Promise<string | undefined> {
  const row = await wallet.db.intents.get(id);
  const payload = row && (await openRow(wallet.vault, IntentPayload, 'intents', row));
  return payload?.text;
}

/** The inviter's name as claimed: label, else goal, else nobody in particular. Cleaned for display. */
export const invitationName = (invitation: OobInvitation): string =>
  cleanDisplayName(invitation.label ?? '') || cleanDisplayName(invitation.goal ?? '');
