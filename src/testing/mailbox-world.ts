import type { Did } from '../did/did.ts';
import { MAILBOX_ERROR } from '../services/status.ts';
import { befriend, contactOf, textLetter } from './foreign.ts';
import { newPeer, type Peer } from './peer.ts';
import { scriptedMediator, type ScriptedMediator } from './scripted-mediator.ts';
import { freshWallet, type TestWallet } from './wallets.ts';

export const ORIGIN = 'http://localhost:8080';
export const DELIVERY = 'https://didcomm.org/messagepickup/3.0/delivery';

/** Alice, whose mailbox answers as a test tells it to, and Bob, who writes to her. */
export interface MailboxWorld {
  readonly mediator: ScriptedMediator;
  /** She fetches when a test says so; no timer runs. */
  readonly alice: TestWallet;
  readonly bob: Peer;
  /** Row id of the contact. */
  readonly bobId: string;
  /** A text of Bob's, sealed. */
  readonly fromBob: (content: string) => Promise<string>;
  /** The chat with Bob. */
  texts(): Promise<string[]>;
  /** What the wallet says is wrong with its mailbox. */
  mailboxError(): Promise<unknown>;
  /** How many requests of this name the mailbox has had since the two met. */
  askedFor(name: string): number;
}

export async function mailboxWorld(): Promise<MailboxWorld> {
  const mediator = await scriptedMediator();
  const alice = await freshWallet('Alice', ORIGIN, {
    http: mediator.http,
    setTimer: () => undefined,
  });
  await alice.settle();
  const bob = await newPeer();
  const bobId = await befriend(alice, ORIGIN, bob);
  const bobsAlice: Did = (await contactOf(alice.wallet, bobId)).payload.myDid;
  await alice.settle();
  mediator.asked.length = 0;
  return {
    mediator,
    alice,
    bob,
    bobId,
    fromBob: (content) => textLetter(bob, bobsAlice, content),
    texts: async () => (await alice.chat(bobId)).map(({ text }) => text),
    mailboxError: async () => (await alice.wallet.db.settings.get(MAILBOX_ERROR))?.value,
    askedFor: (name) => mediator.asked.filter(({ type }) => type.endsWith(name)).length,
  };
}

/** Answers requests of one type otherwise. */
export const onlyFor =
  (name: string, answer: ScriptedMediator['answer']): ScriptedMediator['answer'] =>
  (request) =>
    request.message.type.endsWith(name) ? answer(request) : request.say();
