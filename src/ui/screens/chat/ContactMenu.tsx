import EllipsisVertical from 'lucide-react/icons/ellipsis-vertical';
import { lazy, Suspense, useState } from 'react';
import { show } from '../../../state/view.ts';
import type { ContactView } from '../../../state/views.ts';
import { Menu, type MenuItem } from '../../parts/Menu.tsx';
import { chat } from '../../words/chats.ts';
import { fill } from '../../words/fill.ts';
import type { ContactDialog } from './ContactDialogs.tsx';

const ContactDialogs = lazy(async () => {
  const { ContactDialogs } = await import('./ContactDialogs.tsx');
  return { default: ContactDialogs };
});

const actions = () => import('../../../state/contact-actions.ts');

interface ContactMenuProps {
  readonly contact: ContactView;
}

export function ContactMenu({ contact }: ContactMenuProps) {
  const [dialog, setDialog] = useState<ContactDialog>();
  const { id, name, state, agent, muted, blocked, isEnded, unmet } = contact;
  const opens = (label: string, which: ContactDialog, danger = false): MenuItem => ({
    label,
    onSelect: () => setDialog(which),
    danger,
  });
  const does = (label: string, act: () => Promise<void>): MenuItem => ({
    label,
    onSelect: () => {
      act().catch(reportError);
    },
  });
  const items: readonly (MenuItem | false)[] = [
    opens(chat.rename, 'rename'),
    state === 'connected' && opens(chat.verify, 'verify'),
    state === 'connected' &&
      !blocked &&
      // A service does not follow a change of address.
      !agent &&
      opens(chat.move, 'move'),
    !isEnded &&
      does(muted ? chat.unmute : chat.mute, async () => (await actions()).setMuted(id, !muted)),
    !isEnded &&
      (blocked
        ? does(chat.unblock, async () => {
            await (await actions()).setBlocked(id, false);
            show(fill(chat.unblocked, { name }), { role: 'status' });
          })
        : opens(chat.block, 'block', true)),
    !isEnded && !unmet && opens(chat.end, 'end', true),
    opens(chat.remove, 'remove', true),
  ];
  const asked = state === 'asking' ? items.slice(0, 1) : items;
  return (
    <>
      <Menu
        label={chat.options}
        icon={<EllipsisVertical size="1.375rem" aria-hidden="true" />}
        items={asked.filter((item) => item !== false)}
      />
      {dialog && (
        <Suspense>
          <ContactDialogs contact={contact} open={dialog} onClose={() => setDialog(undefined)} />
        </Suspense>
      )}
    </>
  );
}
