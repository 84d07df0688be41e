import { NOTICES_NAME, NOTICES_WANTED, PUSH_DUE, PUSH_STATE } from '../services/push-settings.ts';
import { useLiveView } from './live.ts';
import { openSession } from './session.ts';
import type { NoticesView } from './views.ts';

const STATES = ['on', 'waiting', 'no-mailbox-push', 'no-service'] as const;

/** What the person chose about notices, and what came of it; it comes with its screen. */
export function useNotices(): NoticesView | undefined {
  const { db } = openSession().wallet;
  return useLiveView(
    'notices',
    () => db.settings.bulkGet([NOTICES_WANTED, NOTICES_NAME, PUSH_DUE, PUSH_STATE]),
    async ([wanted, names, due, state]): Promise<NoticesView> => ({
      wanted: wanted?.value === true,
      names: names?.value === true,
      closed: due && wanted ? 'waiting' : STATES.find((one) => one === state?.value),
    }),
  );
}
