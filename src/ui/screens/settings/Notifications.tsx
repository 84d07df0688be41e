import { useTransition } from 'react';
import { askForNotifications } from '../../../state/actions.ts';
import { useNotifications } from '../../../state/hooks.ts';
import controls from '../../parts/controls.module.css';
import { notifications, settings } from '../../words/settings.ts';

export function Notifications() {
  const state = useNotifications();
  const [busy, begin] = useTransition();
  return (
    <>
      <p role="status">{notifications[state]}</p>
      {state === 'default' && (
        <div className={controls['actions']}>
          <button
            className={controls['primary']}
            type="button"
            aria-disabled={busy}
            onClick={() =>
              begin(async () => {
                await askForNotifications();
              })
            }
          >
            {settings.notifications.ask}
          </button>
        </div>
      )}
      <p className={controls['note']}>{settings.notifications.lead}</p>
    </>
  );
}
