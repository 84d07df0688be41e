// Rows of `settings` about notices and being woken while closed; nothing secret.

/** The person's choice; as the browser allows while there is none. */
export const NOTICES_WANTED = 'notices.wanted';
/** Notices name who wrote. */
export const NOTICES_NAME = 'notices.name';
/** The mailbox is to hear of a change: of the choice, of the browser's subscription, or it is another mailbox. */
export const PUSH_DUE = 'push.due';
/** How far it is; see `PushState`. */
export const PUSH_STATE = 'push.state';

export type PushState =
  /** The mailbox knows where to wake this wallet. */
  | 'on'
  | 'off'
  /** The mailbox cannot be reached now. */
  | 'waiting'
  /** This mailbox wakes nobody, or does not send to the push service of this browser. */
  | 'no-mailbox-push'
  /** This browser gives no subscription, for want of a push service. */
  | 'no-service';
