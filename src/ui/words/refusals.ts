// Why a message was refused, by the reason that is stored with it. Rules of the trust gate in one sentence each.

const damaged = 'It was damaged on the way, or made by a library whose encryption is out of date.';
const forged = 'Its sender is not who it says, or could not be proved.';
const malformed = 'It is not written as the standard asks.';
const tooBig = 'It is larger than Parley takes.';
const foreign = 'It uses encryption that Parley does not take.';
const moved = 'It announces a new address that its owner did not sign properly.';

const sentences: Readonly<Record<string, string>> = {
  'didcomm-v1': 'It comes from a wallet that speaks DIDComm 1, which Parley does not read.',
  decrypt: damaged,
  epk: damaged,
  alg: foreign,
  'too-large': tooBig,
  'too-deep': tooBig,
  attachments: tooBig,
  malformed,
  typ: malformed,
  id: malformed,
  attachment: malformed,
  nesting: malformed,
  header: malformed,
  recipients: malformed,
  plaintext: 'It was not encrypted.',
  did: 'An address in it cannot be read.',
  'from-skid': forged,
  'no-from': forged,
  signer: forged,
  surreptitious: forged,
  'two-senders': forged,
  'anon-chat': 'It does not say who sent it.',
  to: 'It was meant for somebody else, or brought to another address of yours.',
  'not-for-us': 'It is for an address that you do not have any more.',
  'fp-kid': moved,
  'fp-sub': moved,
  'fp-contact': 'It announces the new address of somebody you do not know.',
  'fp-time': 'It announces a new address that is out of date.',
  end: 'It ends a relationship that you do not have.',
  replay: 'It came before.',
  invite: 'A stranger wrote without an invitation that still works.',
  expired: 'It expired before it arrived.',
  forward: 'It asks to be passed on to somebody else.',
  unreadable: 'It stopped Parley three times.',
};

/** @returns nothing for a reason of another version */
export const refusal = (reason: string): string | undefined => sentences[reason];
