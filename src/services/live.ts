import { newMessageId } from '../lib/ids.ts';
import { backoffMs } from '../lib/backoff.ts';
import type { Draft } from '../didcomm/router.ts';
import {
  countIn,
  draftLiveDelivery,
  draftReceived,
  mailIn,
  refusesLive,
} from '../protocols/message-pickup/recipient.ts';
import type { ConnectLive, LiveSocket } from '../transport/websocket.ts';
import { packForMediator, readFromMediator, type ControlPorts } from './control.ts';
import { storeArrivals, type ArrivalPorts } from './arrivals.ts';
import { noteMediator, type ReadyMediator } from './mediators.ts';

export interface LivePorts extends Omit<ControlPorts, 'http'>, ArrivalPorts {
  readonly connectLive: ConnectLive;
  /** Something happened that the engine should look at. */
  readonly onActivity: (
    /** `behind`: more came in than is kept; the mailbox still has it. */
    activity: 'open' | 'frame' | 'behind' | 'close' | 'may-reconnect',
  ) => void;
  readonly setTimer: (run: () => void, ms: number) => void;
}

/** The live connection to the mailbox while a page is visible; everything it brings goes through the engine. */
export interface LiveLink {
  /** Connects if there is no connection or none under way; asks a fresh one for live delivery. */
  hold(mediator: ReadyMediator): Promise<void>;
  release(): void;
  /**
   * Forgets the frames that came in since: the mailbox still has their mail, and hands it out in order.
   * [Note: Backlog before live] A frame must not overtake older mail that was not fetched yet.
   */
  dropFrames(): void;
  /**
   * Stores, then acknowledges, the frames that came in since. Runs inside the engine's lock.
   * @returns whether the mailbox holds more, which it then does not push by itself
   */
  takeFrames(mediator: ReadyMediator): Promise<boolean>;
  readonly live: boolean;
}

/** Frames kept until the engine takes them; more is not worth the memory while the mailbox has it. */
const MAX_FRAMES = 100;

export function liveLink(ports: LivePorts): LiveLink {
  let socket: LiveSocket | undefined;
  let heldFor: string | undefined;
  let failures = 0;
  let resting = false;
  let announced = false;
  const frames: string[] = [];

  const say = async (mediator: ReadyMediator, draft: Draft): Promise<void> => {
    const packed = await packForMediator(ports, mediator, draft, newMessageId());
    if (socket?.open === true) socket.send(packed);
  };

  const closed = (): void => {
    socket = undefined;
    announced = false;
    failures += 1;
    ports.onActivity('close');
    // By a timer, not by the time of day: a clock that is put back must not keep us offline for a day.
    resting = true;
    ports.setTimer(
      () => {
        resting = false;
        ports.onActivity('may-reconnect');
      },
      backoffMs(failures, Math.random()),
    );
  };

  const release = (): void => {
    const mine = socket;
    socket = undefined;
    announced = false;
    mine?.close();
    if (mine) ports.onActivity('close');
  };

  /** @returns whether the mailbox holds more than was pushed; undefined when the frame does not say */
  const takeFrame = async (
    mediator: ReadyMediator,
    packed: string,
  ): Promise<boolean | undefined> => {
    const read = await readFromMediator(ports, mediator, packed);
    if (read.kind === 'refused') return undefined;
    if (read.kind === 'not-for-account') {
      // I31: some push to the address that the mail was for; their copy waits in the mailbox, and so does what
      // others push bare, until it is acknowledged. What nobody kept a copy of must not be lost either.
      const { claimedSender } = await import('../didcomm/claimed-sender.ts');
      if (claimedSender(packed) !== mediator.mediatorDid)
        await storeArrivals(ports, [{ data: { json: packed } }]);
      return true;
    }
    const { message } = read;
    if (refusesLive(message)) {
      await noteMediator(ports, mediator.rowId, { noLive: true });
      release();
      return true;
    }
    const mail = mailIn(message) ?? [];
    const ids = mail.length > 0 ? await storeArrivals(ports, mail) : [];
    const lists = mediator.singleAck ? ids.map((id) => [id]) : [ids];
    for (const list of lists)
      if (list.length > 0) await say(mediator, draftReceived(mediator.pickup ?? '3.0', list));
    const count = countIn(message);
    return count === undefined ? undefined : count > 0;
  };

  return {
    hold: async (mediator) => {
      // Another mailbox came into use.
      if (heldFor !== mediator.rowId) {
        release();
        frames.length = 0;
      }
      heldFor = mediator.rowId;
      if (socket?.open === true && !announced) {
        announced = true;
        await say(mediator, draftLiveDelivery(mediator.pickup ?? '3.0'));
      }
      if (socket || mediator.wsUrl === undefined || mediator.noLive || resting) return;
      const mine = ports.connectLive(mediator.wsUrl, {
        onOpen: () => {
          failures = 0;
          ports.onActivity('open');
        },
        onEnvelope: (packed) => {
          if (socket !== mine) return;
          if (frames.length < MAX_FRAMES) frames.push(packed);
          ports.onActivity(frames.length < MAX_FRAMES ? 'frame' : 'behind');
        },
        onClose: () => {
          if (socket === mine) closed();
        },
      });
      socket = mine;
    },
    release,
    dropFrames: () => {
      frames.length = 0;
    },
    takeFrames: async (mediator) => {
      let moreWaits = false;
      for (let packed = frames.shift(); packed !== undefined; packed = frames.shift())
        moreWaits = (await takeFrame(mediator, packed)) ?? moreWaits;
      return moreWaits;
    },
    get live() {
      return socket?.open === true;
    },
  };
}
