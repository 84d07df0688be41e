import { anoncrypt, authcrypt } from '../didcomm/jwe-seal.ts';
import type { OpenWallet, PackingWallet } from './wallet.ts';

// What a person can do, gathered in one module: the page loads it when it is first needed, so that a
// start shows the chats before the code that packs messages and reads invitations has come.

export { markRead, retryMessage, saveDraft, sendText } from './chat.ts';
export { tryOtherWay } from './handshake.ts';
export { setBlocked, setMuted, setVerified } from './contact-options.ts';
export { codeWith } from './safety-code.ts';
export { deleteChat, endRelationship, reconnect } from './end-relationship.ts';
export {
  hostOf,
  openMailboxCode,
  readMailboxOffer,
  requestMailbox,
  withdrawMailboxRequest,
} from './mailbox-offer.ts';
export { usersOf } from './mailbox-users.ts';
export { moveToNewAddress } from './rotation.ts';
export {
  createInvitation,
  invitationToShow,
  markHandedOut,
  revokeInvitation,
  setAutoAccept,
  setUse,
} from './codes.ts';
export { myName } from './my-name.ts';
export { fetchIntent, readIntent, storeIntent } from './intents.ts';
export { invitationName } from './invitation-name.ts';
export {
  acceptIntent,
  acceptRequest,
  declineIntent,
  declineRequest,
  openCode,
  renameContact,
} from './invitations.ts';

/** Gives an open wallet the means to pack, which come with this module. */
export const packing = (wallet: OpenWallet): PackingWallet => ({
  ...wallet,
  engine: { authcrypt, anoncrypt },
});
