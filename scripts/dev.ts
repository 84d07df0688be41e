/**
 * npm run dev: the wallet from Vite with live reload, and a mediator behind it at the same address,
 * http://localhost:8080. Its data stays in data/dev.
 */
import { spawn } from 'node:child_process';
import process from 'node:process';
import { createServer, type ProxyOptions } from 'vite';

const PORT = 8080;
const MEDIATOR_PORT = 8081;
const url = `http://localhost:${PORT}`;

const flags = ['--port', `${MEDIATOR_PORT}`, '--url', url, '--data', 'data/dev'];
const mediator = spawn(process.execPath, ['mediator/main.ts', ...flags, ...process.argv.slice(2)], {
  stdio: ['ignore', 'ignore', 'inherit'],
});

const target = `http://127.0.0.1:${MEDIATOR_PORT}`;
const endpoint: ProxyOptions = { target };
const server = await createServer({
  server: {
    port: PORT,
    strictPort: true,
    proxy: {
      '^/(did|invitation|invitationOOB|health|ready|version)$': endpoint,
      '^/(i|[.]well-known)/': endpoint,
      '^/ws(/bin)?$': { target, ws: true },
      // DIDComm is posted to the root, where the page itself is read from Vite.
      '^/$': { target, bypass: ({ method, url: path }) => (method === 'POST' ? undefined : path) },
    },
  },
});
await server.listen();
console.log(`Parley is ready at ${url}`);

const stop = (): void => {
  mediator.kill('SIGTERM');
};
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
mediator.once('exit', (code) => {
  void server.close().then(() => process.exit(code ?? 1));
});
