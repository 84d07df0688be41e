import type { DidDocument } from '../did/did.ts';
import { usableKeys } from '../didcomm/pack.ts';
import { draftText } from '../protocols/basic-message/sender.ts';
import { parseInvitation } from '../protocols/out-of-band/parse.ts';
import { MessagePayload, openRow, type ContactPayload } from '../storage/payloads.ts';
import type { IntentRow } from '../storage/schema.ts';
import { isOpen } from './contact-state.ts';
import { changeContact } from './change-contact.ts';
import { contactById, sealContact, type Contact } from './contacts.ts';
import { firstWords, handshakeFor } from './handshake.ts';
import { isForged } from './intents.ts';
import { recipientJob } from './jobs.ts';
import { readyMediator } from './mediators.ts';
import { mintDid } from './mint-did.ts';
import { myName } from './my-name.ts';
import { packForContact, type Outgoing } from './outbox.ts';
import { fittingKey } from './own-dids.ts';
import { resolveForSending, type SendingPorts } from './resolve-for-sending.ts';
import type { Wallet } from './wallet.ts';

type MeetPorts = Wallet & SendingPorts;

/*
 * [Note: People who are a did:web] Only a request says who they are, and only the person's tap makes one: on
 * 'Accept', and on 'Send' when what is known is old. What was fetched is kept with the contact, and all that
 * comes from it is judged by that (rules R40, I57). Until it is there the contact is `unmet`: texts wait in the
 * chat, and what is said first is packed together with them.
 */

/** A host that does not answer is not asked again before. */
const AGAIN_MS = 30_000;

/**
 * Fetches the document of one contact.
 * @param row the wish of the person, deleted when it is fulfilled or cannot be
 * @param isOnline whether it is their host alone that does not answer
 * @returns whether it is still to be fetched
 */
export async function meet(
  ports: MeetPorts,
  row: IntentRow,
  isOnline: () => Promise<boolean>,
): Promise<boolean> {
  const { db, clock } = ports;
  const contact = await contactById(ports, row.id);
  if (!contact || !isOpen(contact.row.state) || contact.payload.unmet?.fault) {
    await db.intents.delete(row.id);
    return false;
  }
  if (row.at > clock.now()) return true;
  const { unmet, theirDid } = contact.payload;
  const found = await resolveForSending(ports, theirDid);
  if (found.kind === 'unreachable') {
    const stays = unmet !== undefined;
    if (!(await isOnline())) return true;
    // Who is known already is written to by what is known, and looked up with a later text.
    if (stays) await db.intents.update(row.id, { at: clock.now() + AGAIN_MS });
    else await db.intents.delete(row.id);
    return stays;
  }
  const theirDocument = { json: found.jsonText ?? '', at: clock.now() };
  const document = found.kind === 'ok' ? found.document : undefined;
  if (unmet) return introduce(ports, contact, unmet, document, theirDocument);
  // A document that leaves them no key in common with us is left where it is.
  if (document && (await fittingKey(contact.payload.myDid, document)))
    await changeContact(ports, row.id, (payload) =>
      payload.theirDid === theirDid ? { ...payload, theirDocument } : payload,
    );
  await db.intents.delete(row.id);
  return false;
}

/** Says to somebody whose document came what was to be said since the person accepted, in one transaction. */
async function introduce(
  ports: MeetPorts,
  { row, payload }: Contact,
  { text }: NonNullable<ContactPayload['unmet']>,
  document: DidDocument | undefined,
  theirDocument: NonNullable<ContactPayload['theirDocument']>,
): Promise<boolean> {
  const { db, vault, clock } = ports;
  const mediator = await readyMediator(ports);
  if (!mediator) return true;
  const parsed = parseInvitation(text, clock.now());
  const forget = async (fault?: 'unsigned' | 'unusable'): Promise<boolean> => {
    if (fault) await changeContact(ports, row.id, (now) => ({ ...now, unmet: { text, fault } }));
    await db.intents.delete(row.id);
    return false;
  };
  // Expired on the way: the chat says so.
  if (parsed.kind !== 'ok') return forget();
  const { invitation } = parsed;
  if (!document || (await usableKeys(document)).length === 0) return forget('unusable');
  if (await isForged(invitation, async () => ({ kind: 'ok', document }))) return forget('unsigned');

  const minted = await mintDid(vault, mediator.routingDid, document);
  const { unmet: _, ...known } = payload;
  const met: ContactPayload = {
    ...known,
    myDid: minted.did,
    theirDocument,
    ...(await handshakeFor(invitation, theirDocument)),
  };
  const { texts, count } = await waitingTexts(ports, row.id);
  const to = { lane: row.id, payload: met, pthid: invitation.id, sender: minted.agreement };
  const words = firstWords(met, await myName(ports));
  const outbox = await packForContact(ports, to, [...words, ...texts]);
  const next = await sealContact(vault, row.id, 'connecting', met, row.rev + 1);
  const job = await recipientJob(ports, row.id, 'add', minted.did);
  const tables = [db.contacts, db.keys, db.jobs, db.outbox, db.intents, db.messages];
  return db.transaction('rw', tables, async () => {
    const waiting = db.messages.where('[c+st]').equals([row.id, 'waiting']);
    // Renamed, written to or deleted meanwhile: once more.
    if ((await db.contacts.get(row.id))?.rev !== row.rev) return true;
    if ((await waiting.count()) !== count) return true;
    await db.contacts.put(next);
    await db.keys.bulkAdd([...minted.keyRows]);
    await db.jobs.add(job);
    await db.outbox.bulkAdd(outbox);
    await db.intents.delete(row.id);
    return false;
  });
}

/** What the person wrote already, in order. */
async function waitingTexts({ db, vault }: MeetPorts, contactId: string) {
  const rows = await db.messages.where('[c+st]').equals([contactId, 'waiting']).sortBy('s');
  const texts = await Promise.all(
    rows.map(async (row): Promise<Outgoing[]> => {
      const written = await openRow(vault, MessagePayload, 'messages', row);
      if (!written) return [];
      const draft = draftText(written.text, written.lang ?? 'en');
      return [{ draft, id: written.messageId, messageRowId: row.id }];
    }),
  );
  return { texts: texts.flat(), count: rows.length };
}
