import { useEffect, useState, useTransition } from 'react';
import { useLocation } from 'wouter';
import {
  acceptRequest,
  createInvitation,
  declineRequest,
  setAutoAccept,
} from '../../state/actions.ts';
import { useInvitation, useMailbox, useOnline } from '../../state/hooks.ts';
import { setInvitationId, show, useView } from '../../state/view.ts';
import type { ContactView, InvitationView } from '../../state/views.ts';
import { Question } from '../parts/Question.tsx';
import { Screen } from '../parts/Screen.tsx';
import { Switch } from '../parts/Switch.tsx';
import { chat } from '../words/chats.ts';
import { fill } from '../words/fill.ts';
import { invite } from '../words/invite.ts';
import { InviteCode, InviteLink } from './InviteCode.tsx';
import styles from './InviteScreen.module.css';

/** A code to show, which turns to the chat by itself when somebody has used it. */
export function InviteScreen() {
  const invitation = useInvitation(useView((view) => view.invitationId));
  const [auto, setAuto] = useState(true); // for a code that serves one person, showing it is consent
  const blocked = useFreshInvitation(auto);
  useTurnToChat(invitation);

  const changeAuto = (autoAccept: boolean, id: string) => {
    setAuto(autoAccept);
    void setAutoAccept(id, autoAccept);
  };

  return (
    <Screen heading={invite.heading} wide>
      {invitation?.kind === 'answered' ? (
        <Asking contact={invitation.contact} />
      ) : (
        <div className={styles['invite']}>
          {blocked ? <NoMailbox /> : <InviteCode invitation={invitation} />}
          <div className={styles['aside']}>
            <p className={styles['lead']}>{invite.lead}</p>
            {invitation?.kind === 'live' && <InviteLink url={invitation.url} />}
            {(invitation?.kind === 'live' || invitation?.kind === 'preparing') && (
              <Switch
                label={invite.auto}
                note={invitation.autoAccept ? invite.autoNote : invite.manualNote}
                checked={invitation.autoAccept}
                onChange={(autoAccept) => changeAuto(autoAccept, invitation.id)}
              />
            )}
          </div>
        </div>
      )}
    </Screen>
  );
}

let making = false;

/**
 * Makes an invitation when none is on show.
 *
 * @returns whether there is no mailbox yet that could keep the answer; it tries again when there is one
 */
function useFreshInvitation(autoAccept: boolean): boolean {
  const id = useView((view) => view.invitationId);
  const mailbox = useMailbox()?.kind;
  const [failedWith, setFailedWith] = useState<string>();
  const blocked = failedWith !== undefined && failedWith === mailbox;
  const [, begin] = useTransition();
  useEffect(() => {
    if (id !== undefined || mailbox === undefined || blocked || making) return;
    making = true;
    begin(async () => {
      const outcome = await createInvitation({ autoAccept }).finally(() => (making = false));
      if (outcome.kind === 'ok') setInvitationId(outcome.id);
      else setFailedWith(mailbox);
    });
  }, [id, mailbox, blocked, autoAccept]);
  return id === undefined && blocked;
}

function useTurnToChat(invitation: InvitationView | undefined): void {
  const [, navigate] = useLocation();
  const contact = invitation?.kind === 'answered' ? invitation.contact : undefined;
  const arrived = contact && contact.state !== 'asking' ? contact : undefined;
  useEffect(() => {
    if (!arrived) return;
    setInvitationId(undefined);
    show(fill(invite.here, { name: arrived.name }), { role: 'status' });
    navigate(`/chats/${encodeURIComponent(arrived.id)}`);
  }, [arrived, navigate]);
}

interface AskingProps {
  readonly contact: ContactView;
}

function Asking({ contact }: AskingProps) {
  const [busy, begin] = useTransition();
  if (contact.state !== 'asking') return null;
  return (
    <Question
      name={contact.name}
      seed={contact.id}
      note={chat.asking}
      busy={busy}
      onAccept={() => begin(() => acceptRequest(contact.id))}
      onDecline={() =>
        begin(async () => {
          await declineRequest(contact.id);
          show(invite.declined, { role: 'status' });
          setInvitationId(undefined);
        })
      }
    />
  );
}

const NoMailbox = () => (
  <p className={styles['waiting']} role="status">
    {useOnline() ? invite.noMailbox : invite.noMailboxOffline}
  </p>
);
