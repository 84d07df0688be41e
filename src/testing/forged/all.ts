import { addressingForgeries } from './addressing.ts';
import type { Forgery } from './cast.ts';
import { headerForgeries } from './headers.ts';
import { memberForgeries } from './members.ts';
import { nestingForgeries } from './nesting.ts';
import { plaintextForgeries } from './plaintexts.ts';
import { rotationForgeries } from './rotation.ts';
import { shapeForgeries } from './shape.ts';
import { signatureForgeries } from './signatures.ts';

/** Every forged or malformed envelope, each with the answer that it must get. */
export const forgeries: readonly Forgery[] = [
  ...shapeForgeries,
  ...memberForgeries,
  ...headerForgeries,
  ...nestingForgeries,
  ...signatureForgeries,
  ...addressingForgeries,
  ...rotationForgeries,
  ...plaintextForgeries,
];
