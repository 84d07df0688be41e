import {
  draftRequest,
  goalsOf,
  wantsConnectionRequest,
} from '../protocols/mercury-connections/invitee.ts';
import { draftResponse } from '../protocols/mercury-connections/inviter.ts';
import type { OobInvitation } from '../protocols/out-of-band/messages.ts';
import type { ContactPayload } from '../storage/payloads.ts';
import { contactById, sealContact } from './contacts.ts';
import { greeting } from './greeting.ts';
import { packForContact, type Outgoing } from './outbox.ts';
import { mercuryClassOf } from './mercury-class.ts';
import type { PackingWallet } from './wallet.ts';

type Handshake = Pick<ContactPayload, 'peerClass' | 'invited'>;

/**
 * How an invitation is answered: by a Mercury request where it asks for one, else by the first message. The
 * other way stays open (rule I39, interop: "offer the other form once") unless the invitation bears a
 * `label`: then it is of a wallet like ours.
 */
export async function handshakeFor(
  invitation: OobInvitation,
  theirDocument?: ContactPayload['theirDocument'],
): Promise<Handshake> {
  const mercury = wantsConnectionRequest(invitation);
  const { from: theirDid, label } = invitation;
  return {
    ...(mercury ? { peerClass: await mercuryClassOf({ theirDid, theirDocument }) } : {}),
    invited: {
      ...invitedBy(invitation),
      ...(label !== undefined && !mercury ? {} : { otherWay: mercury ? 'plain' : 'mercury' }),
    },
  };
}

/** What is known before it is, whose answer it is to be. */
export const invitedBy = (
  invitation: OobInvitation,
): Pick<NonNullable<Handshake['invited']>, 'goals' | 'endsAt'> => ({
  goals: goalsOf(invitation),
  ...(invitation.expiresSeconds === undefined ? {} : { endsAt: invitation.expiresSeconds * 1000 }),
});

/** The name of a code is no name that somebody told. */
const UNKNOWN = { claimedName: '' };

/** What the invitee says first. */
export const firstWords = ({ invited, invitationId, peerClass }: ContactPayload, name: string) =>
  peerClass === undefined || !invited
    ? greeting(name, UNKNOWN)
    : [{ draft: draftRequest(invitationId, invited.goals) }];

/** What an inviter says to somebody who came with a request and waited for the person. */
export const responseTo = (request: NonNullable<ContactPayload['toAnswer']>): Outgoing[] => [
  { draft: draftResponse(request) },
];

/**
 * Nobody answered: says it in the other form, once. A request is never sent twice, since an agent takes one
 * only (rule I39), and none leaves after the invitation's end.
 * @returns false when there is no other way, or no longer
 */
export async function tryOtherWay(
  wallet: PackingWallet,
  contactId: string,
  myName: string,
): Promise<boolean> {
  for (;;) {
    const contact = await contactById(wallet, contactId);
    if (contact?.row.state !== 'connecting') return false;
    const { peerClass: _, invited, ...rest } = contact.payload;
    if (!invited?.otherWay || (invited.endsAt ?? Infinity) <= wallet.clock.now()) return false;
    const { otherWay, ...known } = invited;
    const payload: ContactPayload = {
      ...rest,
      invited: known,
      ...(otherWay === 'mercury' ? { peerClass: await mercuryClassOf(rest) } : {}),
    };
    const { rev } = contact.row;
    const row = await sealContact(wallet.vault, contactId, 'connecting', payload, rev + 1);
    const outbox = await packForContact(
      wallet,
      { lane: contactId, payload, pthid: payload.invitationId },
      firstWords(payload, myName),
    );
    const { db } = wallet;
    const written = await db.transaction('rw', [db.contacts, db.outbox], async () => {
      if ((await db.contacts.get(contactId))?.rev !== rev) return false;
      await db.contacts.put(row);
      await db.outbox.bulkAdd(outbox);
      return true;
    });
    if (written) return true;
  }
}
