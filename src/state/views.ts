// What screens see: plain values, already opened, cleaned and ordered. Times are milliseconds since the epoch.

export type BootView =
  | { readonly kind: 'loading' }
  /** No wallet on this device yet: onboarding. */
  | { readonly kind: 'new' }
  | { readonly kind: 'ready' }
  /** The wallet cannot be opened; `code` picks the words. */
  | { readonly kind: 'failed'; readonly code: BootFailure };

export type BootFailure =
  | 'unsupported-browser'
  | 'insecure' // the browser runs no worker at this address
  | 'storage-unavailable'
  | 'storage-newer' // written by a newer version of Parley
  | 'storage-lost'; // the browser cleared the wallet

export interface ProfileView {
  readonly name: string;
}

/**
 * `connecting`: we accepted, no answer yet; `void`: their code lets nobody in any more. `asking`: they answered
 * our invitation, we have not accepted.
 * Ended by us: `ending` (they will be told), `ended` (they were told), `untold` (they could not be). `left`:
 * they ended it.
 */
export type ContactState =
  'connecting' | 'void' | 'asking' | 'connected' | 'ending' | 'ended' | 'untold' | 'left';

export interface ContactView {
  readonly id: string;
  /** The name to draw: the person's own rename, else the claimed name, else "someone new". */
  readonly name: string;
  readonly claimedName: string | undefined;
  readonly state: ContactState;
  /** A service that takes part in exchanges of its own and reads no messages. */
  readonly agent: boolean;
  /** Of somebody whose invitation we answered and who did not answer yet. */
  readonly invited?: {
    readonly endsAt: number | undefined;
    /** From when on it makes sense to answer in the other form; undefined when there is none. */
    readonly otherWayAt: number | undefined;
  };
  /** Nothing was said to them yet, for what they publish is still to be fetched, or is of no use. */
  readonly unmet?: 'yet' | 'unsigned' | 'unusable' | undefined;
  /** By either side: it can be read, and deleted. */
  readonly isEnded: boolean;
  /** Neither ended, blocked nor a program that reads no texts. */
  readonly isWritable: boolean;
  readonly muted: boolean;
  readonly blocked: boolean;
  /** The person compared the safety code; `before-change`: of an address used before. */
  readonly verified: 'yes' | 'before-change' | undefined;
  /** When they came in. */
  readonly madeAt: number;
}

export interface SafetyCodeView {
  /** Six groups of five digits. */
  readonly groups: readonly string[];
  /** They may not know our newest address yet, and then see another code. */
  readonly isSettled: boolean;
}

export type DeliveryState = 'waiting' | 'sent' | 'delivered' | 'failed';

export type FailureReason =
  | 'no-route' // their address cannot be reached in principle
  | 'not-found' // their mailbox does not know them any more
  | 'mailbox-full'
  | 'refused'
  | 'login' // their mailbox takes mail of its own users alone
  | 'reported' // they could not make sense of it
  | 'void' // their code lets nobody in any more
  | 'ended'; // they ended the relationship before it left

export interface MessageView {
  readonly id: string;
  readonly mine: boolean;
  readonly text: string;
  readonly at: number;
  /** Of own messages only. */
  readonly delivery: DeliveryState | undefined;
  readonly failure: FailureReason | undefined;
  /** What the contact said went wrong. */
  readonly report?: string | undefined;
  /** It came after its own end; there is no text. */
  readonly expired?: boolean;
}

export interface ChatRowView {
  readonly contact: ContactView;
  readonly last: MessageView | undefined;
  /** When the row last changed: its last message, else when the contact was made. */
  readonly at: number;
  readonly unread: number;
}

export interface MessagesView {
  /** Oldest first. */
  readonly messages: readonly MessageView[];
  /** How many messages the chat holds; more than `messages` when older ones are not loaded. */
  readonly total: number;
}

export type InvitationView =
  /** Its address is not yet known to the mailbox; the code would not work. */
  | { readonly kind: 'preparing'; readonly id: string; readonly autoAccept: boolean }
  | LiveInvitationView
  /** Somebody answered. `contact.state` says whether the person still has to accept. */
  | { readonly kind: 'answered'; readonly id: string; readonly contact: ContactView }
  /** Its time is over, or it was revoked. */
  | { readonly kind: 'expired'; readonly id: string };

export interface LiveInvitationView {
  readonly kind: 'live';
  readonly id: string;
  /** Self-contained: works without a network, and in other wallets. */
  readonly longUrl: string;
  readonly shortUrl: string | undefined;
  /** `coming`: it is being put in place; `none`: the mailbox cannot be asked, or keeps no links. */
  readonly short: 'ready' | 'coming' | 'none';
  readonly expiresAt: number;
  readonly autoAccept: boolean;
  /** For whoever has the code, not for one person alone. */
  readonly shared: boolean;
  /** How many people came by a shared one. */
  readonly answers: number;
}

/** A code of ours that lets somebody in. */
export interface OpenCodeView {
  readonly id: string;
  readonly shared: boolean;
  readonly expiresAt: number;
  readonly answers: number;
}

/** Why a scanned, pasted or opened text is no invitation to accept. Each has its own sentence. */
export type CodeFault =
  | { readonly kind: 'not-an-invitation' }
  | { readonly kind: 'unsupported'; readonly what: 'older-wallet' | 'other-protocol' }
  | { readonly kind: 'unknown-request' } // what is attached to it is nothing that Parley can do
  | { readonly kind: 'mailbox' } // an invitation to a mediator, not to a person
  | { readonly kind: 'malformed' } // an invitation whose sender cannot be read
  | { readonly kind: 'unsigned' } // signed, and not by whom it is from
  | { readonly kind: 'unreachable' } // its sender names no endpoint we can write to
  | { readonly kind: 'no-answer' } // the host that its link names gives nothing
  | { readonly kind: 'withdrawn' } // its short link leads to nothing any more
  | { readonly kind: 'expired' }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'own' }
  | { readonly kind: 'own-over' } // our own, and it lets nobody in any more
  | { readonly kind: 'known'; readonly contactId: string; readonly name: string };

/** What reading a code led to: a preview to accept or decline, or a fault. */
export type CodeOutcome = { readonly kind: 'preview'; readonly intentId: string } | CodeFault;

export interface PreviewView {
  readonly intentId: string;
  /** As claimed by the inviter, cleaned; "someone new" when nothing is claimed. */
  readonly name: string;
  readonly goal: string | undefined;
  /** Host of the mailbox that the inviter is reached at. */
  readonly mailboxHost: string | undefined;
  readonly expiresAt: number | undefined;
}

export type IntentView =
  | { readonly kind: 'loading' }
  /** Its content lies at this host, which is asked only when the person agrees. */
  | { readonly kind: 'elsewhere'; readonly host: string }
  /** Its content is on its way, or comes when there is a network. */
  | { readonly kind: 'opening'; readonly host: string }
  | { readonly kind: 'preview'; readonly preview: PreviewView }
  | { readonly kind: 'fault'; readonly fault: CodeFault }
  /** No person's: it offers a mailbox to move to. */
  | { readonly kind: 'mailbox'; readonly code: string }
  /** Gone: accepted, declined or never there. */
  | { readonly kind: 'gone' };

/** An invitation that was opened and has not been decided on, because its content had to be fetched. */
export interface WaitingCodeView {
  readonly intentId: string;
  readonly opened: boolean;
}

export type AcceptOutcome =
  | { readonly kind: 'accepted'; readonly contactId: string }
  | CodeFault
  /** This device never reached a mailbox yet, so there is no address to give; needs the network once. */
  | { readonly kind: 'no-mailbox' };

/** `login`: it has users with accounts of their own alone. */
export type MailboxTrouble = 'unreachable' | 'refused' | 'login';

export type MailboxView =
  | { readonly kind: 'none'; readonly lastError: 'offline' | MailboxTrouble | undefined }
  | {
      readonly kind: 'ready';
      readonly host: string;
      readonly live: boolean;
      readonly lastFetchAt: number | undefined;
      /** As it calls itself. */
      readonly name: string | undefined;
      readonly mediatorDid: string;
      /** What contacts' messages are addressed through. */
      readonly routingDid: string;
      /** Versions agreed with it. */
      readonly mediation: string;
      readonly pickup: string;
      /** Whether it can push while Parley is open. */
      readonly pushes: boolean;
      /** What became of the last time it was asked. */
      readonly health: 'working' | 'unreachable' | 'refused';
      /** The mailbox chosen instead, until it is in use. */
      readonly moving: { readonly host: string; readonly unreachable: boolean } | undefined;
      /** The mailbox chosen last would not have us, or has users with accounts of their own alone. */
      readonly moveRefused: 'refused' | 'login' | undefined;
      readonly leaving: readonly LeftMailboxView[];
    };

/** A mailbox that was in use before and is still asked for mail. */
export interface LeftMailboxView {
  readonly host: string;
  /** Contacts and invitations whose address is there. */
  readonly users: number;
  readonly untilAt: number;
}

/** A mailbox that a code offers. */
export type MailboxOfferView =
  | { readonly kind: 'offer'; readonly host: string; readonly name: string }
  | { readonly kind: 'in-use' | 'no-offer' | 'unreachable' | 'login' };

/** What the address of a mailbox led to. */
export type MailboxAnswerView =
  | { readonly kind: 'asking'; readonly host: string }
  | { readonly kind: 'offer'; readonly code: string }
  | { readonly kind: MailboxFault };

export type MailboxFault = Exclude<MailboxOfferView['kind'], 'offer'> | 'no-mailbox' | 'no-answer';

export interface DiagnosticsView {
  readonly version: string;
  readonly outboxWaiting: number;
  readonly quarantined: readonly { readonly at: number; readonly reason: string }[];
  readonly serviceWorker: 'active' | 'none';
  /** `script`: this browser lacks the curves, so keys lie in the memory of Parley's own code while it runs. */
  readonly keysHeldBy: 'browser' | 'script';
}

export type NotificationsView = 'unsupported' | 'default' | 'granted' | 'denied';

/** How far messages can be told of while Parley is closed. */
export interface NoticesView {
  /** The person's switch. */
  readonly wanted: boolean;
  /** `waiting` until the mailbox knows where to wake this browser; undefined while that is not known. */
  readonly closed: 'on' | 'waiting' | 'no-mailbox-push' | 'no-service' | undefined;
  /** Notices name who wrote. */
  readonly names: boolean;
}

export interface StorageView {
  readonly persisted: boolean | undefined;
  readonly usedBytes: number | undefined;
}

export type Theme = 'system' | 'light' | 'dark';
