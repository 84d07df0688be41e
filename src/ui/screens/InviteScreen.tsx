import { useEffect, useState, useTransition } from 'react';
import { useLocation } from 'wouter';
import {
  acceptRequest,
  declineRequest,
  invitationToShow,
  markHandedOut,
  setAutoAccept,
  setShared,
} from '../../state/actions.ts';
import { useInvitation } from '../../state/code-hooks.ts';
import { useOnline } from '../../state/hooks.ts';
import { useMailbox } from '../../state/mailbox.ts';
import { setInvitationId, show, useView } from '../../state/view.ts';
import type { ContactView, InvitationView, LiveInvitationView } from '../../state/views.ts';
import { Question } from '../parts/Question.tsx';
import { Screen } from '../parts/Screen.tsx';
import { Switch } from '../parts/Switch.tsx';
import { chat } from '../words/chats.ts';
import { fill } from '../words/fill.ts';
import { invite } from '../words/invite.ts';
import { InviteCode, InviteLink, type ShownLink } from './InviteCode.tsx';
import styles from './InviteScreen.module.css';
import { OpenCodes } from './OpenCodes.tsx';

/** A code to show, which turns to the chat by itself when somebody has used it. */
export function InviteScreen() {
  const invitation = useInvitation(useView((view) => view.invitationId));
  const blocked = useFreshInvitation();
  useTurnToChat(invitation);
  const [wantsLong, setWantsLong] = useState(false);
  const online = useOnline();

  if (invitation?.kind === 'answered')
    return (
      <Screen heading={invite.heading} wide>
        <Asking contact={invitation.contact} />
      </Screen>
    );
  const live = invitation?.kind === 'live' ? invitation : undefined;
  const link = live && linkOf(live, wantsLong, online);
  return (
    <Screen heading={invite.heading} wide>
      <div className={styles['invite']}>
        {blocked ? <NoMailbox /> : <InviteCode invitation={invitation} link={link} />}
        <div className={styles['aside']}>
          <p className={styles['lead']}>{live?.shared ? invite.leadShared : invite.lead}</p>
          {live && link && (
            <InviteLink url={link.url} onHandedOut={() => void markHandedOut(live.id)} />
          )}
          {live && (
            <Choices
              invitation={live}
              isLong={link?.short === false}
              online={online}
              onLong={setWantsLong}
            />
          )}
          {!live && invitation?.kind === 'preparing' && <AutoAccept {...invitation} />}
          <OpenCodes shownId={live?.id} />
        </div>
      </div>
    </Screen>
  );
}

/** The short link, unless the long one is wanted or the only one there is; nothing while it is awaited. */
function linkOf(
  { longUrl, shortUrl, short }: LiveInvitationView,
  wantsLong: boolean,
  online: boolean,
): ShownLink | undefined {
  const isComing = short === 'coming' && online;
  if (wantsLong || shortUrl === undefined || (short !== 'ready' && !isComing))
    return { url: longUrl, short: false };
  return isComing ? undefined : { url: shortUrl, short: true };
}

interface ChoicesProps {
  readonly invitation: LiveInvitationView;
  readonly isLong: boolean;
  readonly online: boolean;
  readonly onLong: (wanted: boolean) => void;
}

function Choices({ invitation, isLong, online, onLong }: ChoicesProps) {
  const { id, shared, answers, short } = invitation;
  const onlyLong = online ? invite.longOnlyNote : invite.longOfflineNote;
  const longNote = short === 'ready' ? invite.longNote : onlyLong;
  const changeShared = (wanted: boolean) => {
    // People came by it already: it stays what it is, and another one is shown.
    if (!wanted && answers > 0) setInvitationId(undefined);
    else void setShared(id, wanted);
  };
  return (
    <div className={styles['choices']}>
      <AutoAccept {...invitation} />
      <Switch
        label={invite.shared}
        note={shared ? invite.sharedNote : invite.singleNote}
        checked={shared}
        onChange={changeShared}
      />
      <Switch
        label={invite.long}
        note={isLong ? longNote : invite.shortNote}
        checked={isLong}
        onChange={onLong}
      />
    </div>
  );
}

interface AutoAcceptProps {
  readonly id: string;
  readonly autoAccept: boolean;
}

const AutoAccept = ({ id, autoAccept }: AutoAcceptProps) => (
  <Switch
    label={invite.auto}
    note={autoAccept ? invite.autoNote : invite.manualNote}
    checked={autoAccept}
    onChange={(wanted) => void setAutoAccept(id, wanted)}
  />
);

let making = false;

/**
 * Sees to an invitation when none is on show. For a code that serves one person, showing it is consent.
 *
 * @returns whether there is no mailbox yet that could keep the answer; it tries again when there is one
 */
function useFreshInvitation(): boolean {
  const id = useView((view) => view.invitationId);
  const mailbox = useMailbox()?.kind;
  const [failedWith, setFailedWith] = useState<string>();
  const blocked = failedWith !== undefined && failedWith === mailbox;
  const [, begin] = useTransition();
  useEffect(() => {
    if (id !== undefined || mailbox === undefined || blocked || making) return;
    making = true;
    begin(async () => {
      const outcome = await invitationToShow({ autoAccept: true }).finally(() => (making = false));
      if (outcome.kind === 'ok') setInvitationId(outcome.id);
      else setFailedWith(mailbox);
    });
  }, [id, mailbox, blocked]);
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
