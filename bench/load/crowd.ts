/**
 * A process that opens sockets and leaves them alone, apart from the one that measures: it has so much to remember
 * that collecting its garbage takes as long as what is measured. Arguments: url, number; ws: bare, http: of a mediator.
 */
import process from 'node:process';
import { useNodeBase64 } from '../../mediator/crypto/node-base64.ts';
import { useNodeCrypto } from '../../mediator/crypto/node-subtle.ts';
import { bareSocket, liveSockets, several } from './live-socket.ts';

useNodeCrypto();
useNodeBase64();
const [url = '', count = ''] = process.argv.slice(2);
process.on('disconnect', () => process.exit());
if (url.startsWith('ws')) await several(Number(count), () => bareSocket(url));
else await liveSockets(url, Number(count));
process.send?.('open');
