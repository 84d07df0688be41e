import type { Did } from '../../did/did.ts';
import { Forward } from '../../protocols/routing/messages.ts';
import { plaintext, seal, TEXT, textLetter } from '../foreign.ts';
import type { Json } from '../forge.ts';
import { anon, type HostileMail } from './mail.ts';

const forward = async (to: Did, body: Json, attachments: unknown): Promise<string> =>
  anon(to, { id: crypto.randomUUID(), type: Forward.type, to: [to], body, attachments });
const asJson = (packed: string): Json => ({ data: { json: JSON.parse(packed) as unknown } });

/** R30: a forward is unwrapped once, for its own address, and never passed on. */
export const forwards: readonly HostileMail[] = [
  [
    'a forward to somebody else',
    'forward',
    async ({ bob, mallory, bobsAlice }) =>
      forward(bobsAlice, { next: mallory.did }, [
        asJson(await textLetter(bob, bobsAlice, 'pass it on')),
      ]),
  ],
  [
    'a forward to another address of the wallet',
    'forward',
    async ({ carol, bobsAlice, carolsAlice }) =>
      forward(bobsAlice, { next: carolsAlice }, [
        asJson(await textLetter(carol, carolsAlice, 'x')),
      ]),
  ],
  [
    'a forward in a forward',
    'forward',
    async ({ bob, bobsAlice }) =>
      forward(bobsAlice, { next: bobsAlice }, [
        asJson(
          await forward(bobsAlice, { next: bobsAlice }, [
            asJson(await textLetter(bob, bobsAlice, 'x')),
          ]),
        ),
      ]),
  ],
  [
    'a forward of nothing',
    'forward',
    ({ bobsAlice }) => forward(bobsAlice, { next: bobsAlice }, []),
  ],
  [
    'a forward of two',
    'forward',
    async ({ bob, bobsAlice }) =>
      forward(bobsAlice, { next: bobsAlice }, [
        asJson(await textLetter(bob, bobsAlice, 'x')),
        asJson(await textLetter(bob, bobsAlice, 'y')),
      ]),
  ],
  [
    'a forward of a link',
    'forward',
    ({ bobsAlice }) =>
      forward(bobsAlice, { next: bobsAlice }, [
        { data: { links: ['https://evil.example'], hash: 'zQm' } },
      ]),
  ],
  [
    'a forward of text in the open',
    'forward',
    ({ bob, bobsAlice }) =>
      forward(bobsAlice, { next: bobsAlice }, [
        { data: { json: plaintext(bob, bobsAlice, TEXT, { content: 'x' }) } },
      ]),
  ],
  [
    'a forward without next',
    'forward',
    async ({ bob, bobsAlice }) =>
      forward(bobsAlice, {}, [asJson(await textLetter(bob, bobsAlice, 'x'))]),
  ],
  [
    'a forward with a next that is a list',
    'forward',
    async ({ bob, bobsAlice }) =>
      forward(bobsAlice, { next: [bobsAlice] }, [asJson(await textLetter(bob, bobsAlice, 'x'))]),
  ],
  [
    'a good forward of a forgery',
    'from-skid',
    async ({ bob, mallory, bobsAlice }) =>
      forward(bobsAlice, { next: bobsAlice }, [
        asJson(await seal(mallory, bobsAlice, plaintext(bob, bobsAlice, TEXT, { content: 'x' }))),
      ]),
  ],
  [
    'a good forward of what came before',
    'dropped',
    ({ bobsAlice, sentBefore }) => forward(bobsAlice, { next: bobsAlice }, [asJson(sentBefore)]),
  ],
];
