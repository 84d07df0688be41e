import type { Server } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';

/** The first byte of TLS, a handshake record (RFC 8446 section 5.1); no HTTP request begins with it. */
const HANDSHAKE = 0x16;

/**
 * Whoever types the address of the https port without its `https:` comes with plain http, and would be shown an
 * error of the browser: such a connection is the set-up page's instead.
 * @param waitMs for the first byte
 */
export function leadPlainHttp(
  server: HttpsServer,
  welcome: Server,
  waitMs: number,
): { close: () => void } {
  // Node hands every connection to its TLS by this one listener.
  const [startTls] = server.listeners('connection');
  if (!startTls) throw new Error('this is no TLS server');
  server.removeListener('connection', startTls as () => void);
  const silent = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    const destroy = (): void => void socket.destroy();
    const late = setTimeout(destroy, waitMs);
    silent.add(socket);
    const known = (): void => {
      clearTimeout(late);
      silent.delete(socket);
    };
    socket.once('error', destroy);
    socket.once('close', known);
    socket.once('readable', () => {
      const first = socket.read(1) as Buffer | null;
      if (first === null) return; // it ended before it said anything
      known();
      socket.off('error', destroy);
      socket.unshift(first);
      if (first[0] === HANDSHAKE) startTls.call(server, socket);
      else welcome.emit('connection', socket);
    });
  });
  return {
    close: () => {
      for (const socket of silent) socket.destroy();
    },
  };
}
