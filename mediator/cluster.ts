import { randomBytes } from 'node:crypto';
import { httpWakeups } from './http-wakeups.ts';
import type { Limits } from './limits.ts';
import type { LiveHub } from './live-hub.ts';
import type { Settings } from './settings.ts';
import type { Metrics } from './operations/metrics.ts';
import { sharedHub } from './shared-hub.ts';
import type { LiveNodes } from './store/live-nodes.ts';
import { noWakeups } from './wakeups.ts';

export interface ClusterOptions {
  readonly nodes: LiveNodes;
  readonly settings: Settings;
  /** `host:port` where the other nodes reach this one; without it they leave it to look for itself. */
  readonly nodeAddress?: string;
  readonly pollMs: number;
  readonly limits: Limits;
  readonly metrics: Metrics;
  readonly onFault: (fault: unknown) => void;
}

/** Joins this process to the others of its database. */
export async function joinCluster(
  options: ClusterOptions,
): Promise<{ readonly hub: LiveHub; readonly close: () => Promise<void> }> {
  const { nodes, settings, nodeAddress, pollMs, limits, metrics, onFault } = options;
  const wakeups =
    nodeAddress === undefined
      ? noWakeups
      : await httpWakeups({
          address: nodeAddress,
          metrics,
          secret: await settings.once('node-secret', async () =>
            randomBytes(32).toString('base64url'),
          ),
        });
  const hub = await sharedHub(
    {
      nodes,
      pollMs,
      page: { limit: limits.unackedPushes, maxBytes: limits.bufferedBytes },
      onFault,
    },
    wakeups,
  );
  return {
    hub,
    close: async () => {
      await hub.close();
      await wakeups.close();
    },
  };
}
