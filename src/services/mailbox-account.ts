import type { Did, DidDocument } from '../did/did.ts';
import { createPeer2 } from '../did/peer2-create.ts';
import { generateAgreementKeys, generateSigningKeys } from '../crypto/keys.ts';
import { toBase64Url } from '../lib/base64url.ts';
import { newRowId } from '../lib/ids.ts';
import type { MediatorPayload } from '../storage/payloads.ts';
import type { MediatorRow } from '../storage/schema.ts';
import type { OpenWallet } from './wallet.ts';

type Keys = Pick<MediatorPayload, 'myDid' | 'agreementKeyB64u' | 'signingKeyB64u'>;

/** Rule I54: it takes nothing but from users of its own, who log in over HTTP in a way that no standard describes. */
export const asksLogin = ({ services }: DidDocument): boolean =>
  services.some(({ login }) => login === true);

/** The mediator-facing DID: its mail waits in the queue rather than at an address (rule I22). */
export async function newAccountKeys({ device }: Pick<OpenWallet, 'device'>): Promise<Keys> {
  const [agreement, signing] = await Promise.all([generateAgreementKeys(), generateSigningKeys()]);
  const myDid = createPeer2({
    agreement: agreement.publicBytes,
    signing: signing.publicBytes,
    services: [{ uri: 'didcomm:transport/queue', accept: ['didcomm/v2'] }],
  });
  const [wrappedAgreement, wrappedSigning] = await Promise.all([
    device.wrapPrivateKey(`${myDid}#key-1`, agreement.privateKey),
    device.wrapPrivateKey(`${myDid}#key-2`, signing.privateKey),
  ]);
  return {
    myDid,
    agreementKeyB64u: toBase64Url(wrappedAgreement),
    signingKeyB64u: toBase64Url(wrappedSigning),
  };
}

/** An account that is still to be asked for. Touches no table. */
export async function requestedMailbox(
  wallet: Pick<OpenWallet, 'device'>,
  mediatorDid: Did,
  name: string,
): Promise<{ readonly row: MediatorRow; readonly payload: MediatorPayload }> {
  const id = newRowId();
  const payload: MediatorPayload = {
    ...(await newAccountKeys(wallet)),
    mediatorDid,
    ...(name === '' ? {} : { name }),
  };
  const x = await wallet.device.seal('mediators', id, payload);
  return { row: { id, state: 'requested', x }, payload };
}
