import { useEffect, useState } from 'react';
import {
  leavingMediators,
  LEAVING_MS,
  readyMediator,
  requestedMediator,
} from '../services/mediators.ts';
import {
  MAILBOX_ERROR,
  MAILBOX_FETCHED_AT,
  MAILBOX_LIVE,
  MAILBOX_MOVE_ERROR,
} from '../services/status.ts';
import type { OpenWallet } from '../services/wallet.ts';
import { loadActs } from './acts.ts';
import { useLiveView } from './live.ts';
import { openSession } from './session.ts';
import type {
  LeftMailboxView,
  MailboxAnswerView,
  MailboxOfferView,
  MailboxTrouble,
  MailboxView,
} from './views.ts';

// What the screens about the mailbox see and do; it comes with them.

const TROUBLES: readonly MailboxTrouble[] = ['unreachable', 'refused', 'login'];

export function useMailbox(): MailboxView | undefined {
  const { wallet } = openSession();
  const { db } = wallet;
  return useLiveView(
    'mailbox',
    async () => ({
      mediators: await db.mediators.toArray(),
      status: new Map((await db.settings.toArray()).map(({ id, value }) => [id, value])),
    }),
    async ({ status }): Promise<MailboxView> => {
      const mediator = await readyMediator(wallet);
      const error = status.get(MAILBOX_ERROR);
      if (!mediator) return { kind: 'none', lastError: TROUBLES.find((one) => one === error) };
      const fetchedAt = status.get(MAILBOX_FETCHED_AT);
      const requested = await requestedMediator(wallet);
      const moveError = status.get(MAILBOX_MOVE_ERROR);
      return {
        kind: 'ready',
        host: new URL(mediator.httpUrl).host,
        live: status.get(MAILBOX_LIVE) === true,
        lastFetchAt: typeof fetchedAt === 'number' ? fetchedAt : undefined,
        name: mediator.name,
        mediatorDid: mediator.mediatorDid,
        routingDid: mediator.routingDid,
        mediation: mediator.mediation ?? '3.0',
        pickup: mediator.pickup ?? '3.0',
        pushes: mediator.wsUrl !== undefined && !mediator.noLive,
        health: error === 'unreachable' || error === 'refused' ? error : 'working',
        moving: requested && {
          host: (await (await loadActs()).hostOf(requested.payload.mediatorDid)) ?? '',
          unreachable: moveError === 'unreachable',
        },
        moveRefused:
          requested === undefined && (moveError === 'refused' || moveError === 'login')
            ? moveError
            : undefined,
        leaving: await leftMailboxes(wallet),
      };
    },
  );
}

async function leftMailboxes(wallet: OpenWallet): Promise<readonly LeftMailboxView[]> {
  const left = await leavingMediators(wallet);
  if (left.length === 0) return [];
  const { usersOf } = await loadActs();
  return Promise.all(
    left.map(async ({ httpUrl, routingDid, leftAt = 0 }) => ({
      host: new URL(httpUrl).host,
      users: await usersOf(wallet, routingDid),
      untilAt: leftAt + LEAVING_MS,
    })),
  );
}

/** What a pasted or scanned code offers; undefined while it is read. */
export function useMailboxOffer(text: string): MailboxOfferView | undefined {
  const [offer, setOffer] = useState<MailboxOfferView>();
  const { wallet } = openSession();
  useEffect(() => {
    let ended = false;
    const read = async (): Promise<void> => {
      const reading = await (await loadActs()).readMailboxOffer(wallet, text);
      if (!ended)
        setOffer(reading.kind === 'offer' ? { kind: 'offer', ...reading.offer } : reading);
    };
    read().catch(reportError);
    return () => {
      ended = true;
    };
  }, [wallet, text]);
  return offer;
}

/** What a pasted text is: a code, which is read at once, or the address of a mailbox, which has to be asked. */
export async function openMailboxCode(
  text: string,
): Promise<
  | { readonly kind: 'asked'; readonly intentId: string }
  | Exclude<MailboxAnswerView, { kind: 'asking' }>
> {
  const { wallet, tell } = openSession();
  const reading = await (await loadActs()).openMailboxCode(wallet, text);
  if (reading.kind === 'asked') tell('enqueued');
  return reading.kind === 'offer' ? { kind: 'offer', code: text } : reading;
}

/** What the mailbox whose address was given answers; undefined while nobody was asked. */
export function useMailboxAnswer(intentId: string | undefined): MailboxAnswerView | undefined {
  const { wallet } = openSession();
  const { intents } = wallet.db;
  return useLiveView(
    `mailbox answer ${intentId ?? ''}`,
    async () => (intentId === undefined ? undefined : intents.get(intentId)),
    async (row): Promise<MailboxAnswerView | undefined> => {
      if (!row) return undefined;
      const acts = await loadActs();
      const reading = await acts.readIntent(wallet, row.id);
      // Said now, it waits in no list.
      const saidNow = () => intents.update(row.id, { fetch: 'refused' });
      if (reading.kind === 'opening') return { kind: 'asking', host: new URL(reading.origin).host };
      if (reading.kind === 'offers-mailbox') {
        const { kind } = await acts.readMailboxOffer(wallet, reading.code);
        if (kind === 'offer') return { kind, code: reading.code };
        await saidNow();
        return { kind };
      }
      await saidNow();
      return { kind: reading.kind === 'no-answer' ? 'no-answer' : 'no-mailbox' };
    },
  );
}

/** @returns false when the code offers no mailbox that could be used */
export async function moveToMailbox(code: string): Promise<boolean> {
  const { wallet, tell } = openSession();
  const acts = await loadActs();
  const reading = await acts.readMailboxOffer(wallet, code);
  if (reading.kind !== 'offer') return false;
  await acts.requestMailbox(wallet, reading.offer);
  tell('visible');
  return true;
}

export async function stayAtMailbox(): Promise<void> {
  const acts = await loadActs();
  await acts.withdrawMailboxRequest(openSession().wallet);
}
