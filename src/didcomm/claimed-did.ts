import { isDid, type Did } from '../did/did.ts';

/** A claim that is another form of the proved DID is that DID (rule I50); any other stays as it is. */
export async function asProved(
  claim: string | undefined,
  proved: Did | undefined,
): Promise<string | undefined> {
  if (claim === proved || !isDid(claim) || !proved) return claim;
  const { isSameDid } = await import('../did/same-did.ts');
  return (await isSameDid(claim, proved)) ? proved : claim;
}
