import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The flag by which the operator chose the port, or may choose another. */
export type PortFlag = '--port' | '--http-port' | '--admin-port' | '--node-address';

/** The system does not let it listen there; the operator reads it. */
export class ListenError extends Error {
  readonly flag: PortFlag;
  readonly port: number;
  readonly code: unknown;
  constructor(flag: PortFlag, port: number, cause: Error) {
    super(cause.message, { cause });
    this.name = 'ListenError';
    this.flag = flag;
    this.port = port;
    this.code = 'code' in cause ? cause.code : undefined;
  }
}

/**
 * @param host every address of this machine when absent
 * @returns the port, of a free one when 0 was asked for
 * @throws ListenError
 */
export async function listen(
  server: Server,
  flag: PortFlag,
  port: number,
  host: string | undefined,
): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    const refused = (cause: Error): void => reject(new ListenError(flag, port, cause));
    server.once('error', refused);
    server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
      server.off('error', refused);
      resolve();
    });
  });
  return (server.address() as AddressInfo).port;
}
