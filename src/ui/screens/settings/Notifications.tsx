import { useTransition } from 'react';
import { askForNotifications, setNoticeNames, setNotices } from '../../../state/actions.ts';
import { useNotifications } from '../../../state/hooks.ts';
import { useNotices } from '../../../state/notices.ts';
import controls from '../../parts/controls.module.css';
import { TextSkeleton } from '../../parts/Skeleton.tsx';
import { Switch } from '../../parts/Switch.tsx';
import { notifications, settings } from '../../words/settings.ts';

export function Notifications() {
  const permission = useNotifications();
  const notices = useNotices();
  const [, begin] = useTransition();
  const words = settings.notifications;
  if (!notices) return <TextSkeleton />;
  if (permission === 'unsupported') return <p role="status">{notifications.unsupported}</p>;
  const on = permission === 'granted' && notices.wanted;
  // The switch stays where it is blocked: whoever has just pressed it would be nowhere.
  const offBecause = permission === 'denied' ? 'denied' : 'off';
  return (
    <>
      <Switch
        label={words.notices}
        note={words.noticesNote}
        checked={on}
        onChange={(wanted) =>
          begin(async () => {
            await (wanted ? askForNotifications() : setNotices(false));
          })
        }
      />
      <p role="status">{notifications[on ? (notices.closed ?? 'waiting') : offBecause]}</p>
      {on && (
        <Switch
          label={words.names}
          note={words.namesNote}
          checked={notices.names}
          onChange={(shown) => begin(() => setNoticeNames(shown))}
        />
      )}
      <p className={controls['note']}>{words.lead}</p>
    </>
  );
}
