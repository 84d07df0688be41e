import {
  createDecipheriv,
  createECDH,
  createPublicKey,
  hkdfSync,
  randomBytes,
  verify,
  type ECDH,
} from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

// A fake of the push services that browsers bring, together with the browser behind it: takes pushes as RFC
// 8030 wants them, checks who sends by RFC 8292, and reads them as the browser would, by RFC 8291. Written
// apart from the mediator's own code for it.

export interface FakeSubscription {
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
}

export interface Pushed {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** What the service itself could read, as latin1. */
  readonly sealed: string;
  /** What the browser gets. */
  readonly text: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

export interface FakePushService {
  readonly origin: string;
  readonly pushes: readonly Pushed[];
  /** What is wrong with requests that a real one would refuse. */
  readonly complaints: readonly string[];
  /** How the next requests are answered, in turn; 201 afterwards. */
  answer(...next: { status: number; headers?: Record<string, string> }[]): void;
  /** As a browser makes one, bound to the key of who may send. */
  subscribe(vapidPublicKey: string): FakeSubscription;
  /** Resolves when so many pushes were taken in all. */
  taken(count: number): Promise<readonly Pushed[]>;
  close(): Promise<void>;
}

interface Subscribed {
  readonly browser: ECDH;
  readonly auth: Buffer;
  readonly vapidPublicKey: string;
}

const bytes = (text: string): Buffer => Buffer.from(text, 'base64url');

export async function fakePushService(): Promise<FakePushService> {
  const subscriptions = new Map<string, Subscribed>();
  const pushes: Pushed[] = [];
  const complaints: string[] = [];
  const answers: { status: number; headers?: Record<string, string> }[] = [];
  const watchers = new Set<() => void>();

  const take = (request: IncomingMessage, body: Buffer): void => {
    const { url: path = '', headers } = request;
    const subscribed = subscriptions.get(path);
    if (!subscribed) throw new Error('nobody has this subscription');
    const claims = claimsOf(String(headers.authorization), subscribed.vapidPublicKey);
    if (headers['content-encoding'] !== 'aes128gcm') throw new Error('not aes128gcm');
    if (!/^\d+$/.test(String(headers['ttl']))) throw new Error('no TTL');
    const text = decrypt(body, subscribed);
    pushes.push({ path, headers, sealed: body.toString('latin1'), text, claims });
  };

  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      try {
        take(request, Buffer.concat(parts));
        const { status, headers } = answers.shift() ?? { status: 201 };
        response.writeHead(status, headers).end();
      } catch (error) {
        complaints.push(String(error));
        response.writeHead(400).end();
      }
      for (const look of watchers) look();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    origin,
    pushes,
    complaints,
    answer: (...next) => answers.push(...next),
    subscribe: (vapidPublicKey) => {
      const path = `/push/${randomBytes(8).toString('hex')}`;
      const browser = createECDH('prime256v1');
      const p256dh = browser.generateKeys('base64url');
      const auth = randomBytes(16);
      subscriptions.set(path, { browser, auth, vapidPublicKey });
      return { endpoint: `${origin}${path}`, keys: { p256dh, auth: auth.toString('base64url') } };
    },
    taken: (count) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (pushes.length < count) return;
          watchers.delete(look);
          resolve([...pushes]);
        };
        watchers.add(look);
        look();
      }),
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };

  /** RFC 8292: an ES256 JWT by the key that the subscription was made for, for this service, a day at most. */
  function claimsOf(authorization: string, vapidPublicKey: string): Record<string, unknown> {
    const [, header = '', payload = '', signature = '', key = ''] =
      /^vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), k=([\w-]+)$/.exec(authorization) ?? [];
    if (key !== vapidPublicKey) throw new Error('not the key of the subscription');
    const point = bytes(key);
    const publicKey = createPublicKey({
      format: 'jwk',
      key: {
        kty: 'EC',
        crv: 'P-256',
        x: point.subarray(1, 33).toString('base64url'),
        y: point.subarray(33).toString('base64url'),
      },
    });
    const signed = Buffer.from(`${header}.${payload}`);
    const sound = verify(
      'sha256',
      signed,
      { key: publicKey, dsaEncoding: 'ieee-p1363' },
      bytes(signature),
    );
    if (!sound) throw new Error('the signature is not theirs');
    const { alg } = JSON.parse(bytes(header).toString()) as { alg: unknown };
    const claims = JSON.parse(bytes(payload).toString()) as Record<string, unknown>;
    const lifetime = Number(claims['exp']) - Date.now() / 1000;
    if (alg !== 'ES256' || claims['aud'] !== origin || !(lifetime > 0 && lifetime <= 86_400))
      throw new Error(`claims ${JSON.stringify(claims)}`);
    if (!/^(mailto:|https:)/.test(String(claims['sub']))) throw new Error('no contact');
    return claims;
  }
}

/** RFC 8188 with the keys of RFC 8291: salt, record size, sender's key, one record that ends in 2. */
function decrypt(body: Buffer, { browser, auth }: Subscribed): string {
  const salt = body.subarray(0, 16);
  const size = body.readUInt32BE(16);
  const keyLength = body.readUInt8(20);
  const senderKey = body.subarray(21, 21 + keyLength);
  const record = body.subarray(21 + keyLength);
  if (record.length > size) throw new Error('more than one record');
  const derive = (input: Buffer, from: Buffer, info: Buffer, length: number): Buffer =>
    Buffer.from(hkdfSync('sha256', input, from, info, length));
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), browser.getPublicKey(), senderKey]);
  const input = derive(browser.computeSecret(senderKey), auth, info, 32);
  const key = derive(input, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
  const nonce = derive(input, salt, Buffer.from('Content-Encoding: nonce\0'), 12);
  const decipher = createDecipheriv('aes-128-gcm', key, nonce);
  decipher.setAuthTag(record.subarray(-16));
  const plain = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()]);
  const end = plain.lastIndexOf(2);
  return plain.subarray(0, end).toString();
}
