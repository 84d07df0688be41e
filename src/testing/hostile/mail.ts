import type { Did } from '../../did/did.ts';
import { publicFace } from '../foreign.ts';
import { forgeJwe } from '../forge.ts';
import type { Peer } from '../peer.ts';
import type { World } from './world.ts';

/** Hostile mail, with what becomes of it: a reason for quarantine, or `dropped`, which is nothing at all. */
export type HostileMail = readonly [
  name: string,
  verdict: string,
  pack: (w: World) => Promise<string> | string,
  way?: typeof STRAIGHT,
];

/** Not through the mediator, which would not take it. */
export const STRAIGHT = 'straight into the inbox';

export const jwe = async (
  from: Peer,
  to: Did,
  content: unknown,
  more: object = {},
): Promise<string> =>
  forgeJwe({
    content,
    from: from.agreement,
    to: [(await publicFace(to)).agreement],
    ...more,
  });
export const anon = async (to: Did, content: unknown): Promise<string> =>
  forgeJwe({ content, to: [(await publicFace(to)).agreement] });
