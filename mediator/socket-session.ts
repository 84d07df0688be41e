import type { WebSocket } from 'ws';
import type { Did } from '../src/did/did.ts';
import { draftDelivery, type MailItem } from '../src/protocols/message-pickup/mediator.ts';
import type { PickupVersion } from '../src/protocols/message-pickup/uris.ts';
import { canonicalDid } from './did-hash.ts';
import type { Limits } from './limits.ts';
import type { LiveHub, LiveMember, ReadAfter } from './live-hub.ts';
import type { Connection, ReceiveContext } from './receive.ts';
import { sealReply } from './seal.ts';

const POLICY_VIOLATION = 1008;

interface LiveMode {
  readonly account: bigint;
  readonly changeId: string;
  readonly version: PickupVersion;
  /** Where the inbox stood when live mode began: what is older is asked for, not pushed. */
  since?: bigint;
  heardOf?: bigint;
}

export interface SessionContext {
  readonly receive: ReceiveContext;
  readonly hub: LiveHub;
  readonly limits: Limits;
  /** A connection of the account is gone, and mail that it was to take may still be there. */
  readonly onMissed: (account: bigint) => void;
  /** A broken device or a bug; no envelope content in it. */
  readonly onFault: (fault: unknown) => void;
}

/** What one socket has proved and asked for. */
export class SocketSession implements Connection, LiveMember {
  readonly #socket: WebSocket;
  readonly #context: SessionContext;
  readonly #perAccount: Map<string, Set<WebSocket>>;
  readonly #binary: boolean;
  #bound: { readonly theirDid: Did; readonly ourDid: Did } | undefined;
  #live: LiveMode | undefined;
  #unacked = new Set<string>();
  /** Something was not pushed because too much was on its way. */
  #behind = false;
  #pushes = Promise.resolve();
  #reading = Promise.resolve();
  #wakened = false;

  constructor(
    socket: WebSocket,
    context: SessionContext,
    perAccount: Map<string, Set<WebSocket>>,
    frames: 'text' | 'binary',
  ) {
    this.#socket = socket;
    this.#context = context;
    this.#perAccount = perAccount;
    this.#binary = frames === 'binary';
  }

  sessionOf(sender: Did, ourDid: Did) {
    this.#bound ??= this.#bind(sender, ourDid);
    if (canonicalDid(this.#bound.theirDid) !== canonicalDid(sender)) return undefined;
    return {
      live: () => this.#live !== undefined,
      setLive: (on: boolean, changeId: string, version: PickupVersion) =>
        this.#setLive(on, changeId, version),
    };
  }

  /** A wallet that lost connections without a goodbye must not wait for their pings: the oldest one goes. */
  #bind(theirDid: Did, ourDid: Did) {
    const key = canonicalDid(theirDid);
    const siblings = this.#perAccount.get(key) ?? new Set<WebSocket>();
    this.#perAccount.set(key, siblings.add(this.#socket));
    const [oldest] = siblings;
    if (oldest && siblings.size > this.#context.limits.socketsPerAccount) {
      // Not counted from now on: who answers no goodbye would else keep its place, and every later one its own.
      siblings.delete(oldest);
      oldest.close(POLICY_VIOLATION);
    }
    return { theirDid, ourDid };
  }

  async #setLive(on: boolean, changeId: string, version: PickupVersion): Promise<boolean> {
    this.#leave();
    const { store } = this.#context.receive;
    const account = this.#bound && (await store.accountOf(this.#bound.theirDid));
    if (account === undefined) return false;
    if (on && this.#socket.readyState === this.#socket.OPEN) {
      const live: LiveMode = { account, changeId, version };
      this.#live = live;
      live.since = await this.#context.hub.join(account, this);
      live.heardOf = live.since;
    }
    return true;
  }

  get heardOf(): bigint | undefined {
    return this.#live?.heardOf;
  }

  wake(read: ReadAfter): void {
    if (this.#wakened) return;
    this.#wakened = true;
    this.#reading = this.#reading
      .then(() => this.#readNew(read))
      .catch((fault: unknown) => this.#context.onFault(fault));
  }

  async #readNew(read: ReadAfter): Promise<void> {
    this.#wakened = false;
    const live = this.#live;
    if (live?.since === undefined) return;
    const pushed = [...this.#unacked];
    const { items, last } = await read(live.since);
    if (this.#live !== live) return;
    // What is no longer there was acknowledged at another node.
    const held = new Set(items.map(({ id }) => id));
    for (const id of pushed) if (!held.has(id)) this.#unacked.delete(id);
    live.heardOf = last;
    // There may be more than one reading gives.
    this.#behind ||= items.length > 0;
    for (const item of items) this.push(item);
  }

  push(item: MailItem): void {
    const { unackedPushes, bufferedBytes } = this.#context.limits;
    if (this.#unacked.has(item.id)) return;
    if (this.#unacked.size >= unackedPushes || this.#socket.bufferedAmount > bufferedBytes) {
      this.#behind = true;
      return;
    }
    this.#unacked.add(item.id);
    this.#pushes = this.#pushes
      .then(() => this.#deliver(item))
      .catch((fault: unknown) => this.#context.onFault(fault));
  }

  acknowledged(ids: readonly string[]): void {
    for (const id of ids) this.#unacked.delete(id);
    // In 3.0 the status that answers the acknowledgement tells the client of what it was not sent.
    if (!this.#behind || this.#unacked.size > 0 || this.#live?.version !== '4.0') return;
    this.#behind = false;
    this.#catchUp().catch((fault: unknown) => this.#context.onFault(fault));
  }

  async #catchUp(): Promise<void> {
    if (!this.#bound) return;
    const { limits, receive } = this.#context;
    const page = { limit: limits.unackedPushes, recipient: undefined };
    const items = await receive.ports.mailbox.fetch(this.#bound.theirDid, page);
    if (!items || items.length === 0) return;
    // There may be more than one page holds.
    this.#behind = true;
    for (const item of items) this.push(item);
  }

  async #deliver(item: MailItem): Promise<void> {
    if (!this.#live || !this.#bound) return;
    // Those before it may have filled the way meanwhile.
    if (this.#socket.bufferedAmount > this.#context.limits.bufferedBytes) {
      this.#unacked.delete(item.id);
      this.#behind = true;
      return;
    }
    const draft = draftDelivery([item], undefined, this.#live.version);
    const sealed = await sealReply(
      this.#context.receive,
      draft,
      { id: this.#live.changeId },
      this.#bound,
    );
    if (!sealed) return;
    this.send(sealed.packed);
    this.#context.receive.metrics.count('pushes_total');
  }

  send(text: string): void {
    if (this.#socket.readyState === this.#socket.OPEN)
      this.#socket.send(text, { binary: this.#binary });
  }

  end(): void {
    this.#leave();
    if (!this.#bound) return;
    const key = canonicalDid(this.#bound.theirDid);
    const siblings = this.#perAccount.get(key);
    siblings?.delete(this.#socket);
    if (siblings?.size === 0) this.#perAccount.delete(key);
  }

  #leave(): void {
    const missed = this.#behind || this.#unacked.size > 0;
    if (this.#live) this.#context.hub.leave(this.#live.account, this);
    if (this.#live && missed) this.#context.onMissed(this.#live.account);
    this.#live = undefined;
    this.#unacked.clear();
    this.#behind = false;
  }
}
