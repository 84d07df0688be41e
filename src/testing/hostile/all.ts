import { wrongAddresses } from './addresses.ts';
import { forwards } from './forwards.ts';
import type { HostileMail } from './mail.ts';
import { movesAndEndings } from './moves.ts';
import { otherDoors } from './others.ts';
import { repeats } from './repeats.ts';
import { poses } from './senders.ts';
import { strangers } from './strangers.ts';

/** All hostile mail; together it must change nothing that people see. */
export const hostileMail: readonly HostileMail[] = [
  ...repeats,
  ...wrongAddresses,
  ...movesAndEndings,
  ...strangers,
  ...poses,
  ...forwards,
  ...otherDoors,
];
