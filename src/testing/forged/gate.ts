import { resolveDid } from '../../did/resolve.ts';
import { nativeEngine } from '../../didcomm/native-engine.ts';
import { openEnvelope, type GatePorts, type Opened } from '../../didcomm/trust-gate.ts';
import { jointSecrets } from '../peer.ts';
import type { Cast } from './cast.ts';

/** The half of the gate that needs no memory, in Bob's wallet, at the time of the cast. */
export function gateOf({ bob, bobElsewhere, nowSeconds }: Cast) {
  const secrets = jointSecrets(bob, bobElsewhere);
  return (packed: string, ports: Partial<GatePorts> = {}): Promise<Opened> =>
    openEnvelope(packed, {
      engine: nativeEngine,
      secrets,
      resolve: resolveDid,
      now: nowSeconds * 1000,
      ...ports,
    });
}
