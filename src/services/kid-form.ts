import { oldKidForm } from '../did/old-kid-form.ts';
import { resolveDid } from '../did/resolve.ts';
import type { Did } from '../did/did.ts';
import type { ContactPayload } from '../storage/payloads.ts';

/** The old form in which a contact names its key; undefined for the form of today. */
export async function kidFormOf(did: Did, kid: string): Promise<ContactPayload['kidForm']> {
  const resolved = await resolveDid(did);
  return resolved.kind === 'ok' ? oldKidForm(resolved.document.keyAgreement, kid) : undefined;
}
