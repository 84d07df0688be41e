import { newMessageId } from '../lib/ids.ts';
import { backoffMs } from '../lib/backoff.ts';
import type { Message } from '../didcomm/plaintext.ts';
import type { Draft } from '../didcomm/router.ts';
import { LiveDeliveryChange, Status } from '../protocols/message-pickup/messages.ts';
import type { ConnectLive, LiveSocket } from '../transport/websocket.ts';
import { packForMediator, readFromMediator, type ControlPorts } from './control.ts';
import { storeArrivals, type ArrivalPorts } from './arrivals.ts';
import { deliveredBy, draftReceived } from './pickup.ts';
import type { ReadyMediator } from './mediators.ts';

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
   * @returns whether the mailbox says that it holds more, which it then does not push by itself
   */
  takeFrames(mediator: ReadyMediator): Promise<boolean>;
  readonly live: boolean;
}

/** The answer to an acknowledgement tells how much is left (messagepickup 3.0, `status`). */
const holdsMail = ({ type, body }: Message): boolean =>
  type === Status.type && typeof body['message_count'] === 'number' && body['message_count'] > 0;

/** Frames kept until the engine takes them; more is not worth the memory while the mailbox has it. */
const MAX_FRAMES = 100;

export function liveLink(ports: LivePorts): LiveLink {
  let socket: LiveSocket | undefined;
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

  return {
    hold: async (mediator) => {
      if (socket?.open === true && !announced) {
        announced = true;
        await say(mediator, {
          type: LiveDeliveryChange.type,
          body: { live_delivery: true },
          thread: 'new',
        });
      }
      if (socket || mediator.wsUrl === undefined || resting) return;
      const mine = ports.connectLive(mediator.wsUrl, {
        onOpen: () => {
          failures = 0;
          ports.onActivity('open');
        },
        onEnvelope: (packed) => {
          if (frames.length < MAX_FRAMES) frames.push(packed);
          ports.onActivity(frames.length < MAX_FRAMES ? 'frame' : 'behind');
        },
        onClose: () => {
          if (socket === mine) closed();
        },
      });
      socket = mine;
    },
    release: () => {
      const mine = socket;
      socket = undefined;
      announced = false;
      mine?.close();
      if (mine) ports.onActivity('close');
    },
    dropFrames: () => {
      frames.length = 0;
    },
    takeFrames: async (mediator) => {
      let moreWaits = false;
      for (let packed = frames.shift(); packed !== undefined; packed = frames.shift()) {
        const message = await readFromMediator(ports, mediator, packed);
        if (message) moreWaits = holdsMail(message);
        const attachments = message ? deliveredBy(message) : [];
        if (attachments.length === 0) continue;
        await say(mediator, draftReceived(await storeArrivals(ports, attachments)));
      }
      return moreWaits;
    },
    get live() {
      return socket?.open === true;
    },
  };
}
