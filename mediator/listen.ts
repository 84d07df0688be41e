import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** @param host every address of this machine when absent @returns the port, of a free one when 0 was asked for */
export async function listen(
  server: Server,
  port: number,
  host: string | undefined,
): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return (server.address() as AddressInfo).port;
}
