import CloudOff from 'lucide-react/icons/cloud-off';
import { useEffect, useState, useTransition } from 'react';
import { Redirect, useLocation } from 'wouter';
import { acceptIntent, declineIntent } from '../../state/actions.ts';
import { useIntent, useOnline } from '../../state/hooks.ts';
import { show } from '../../state/view.ts';
import type { CodeFault, PreviewView } from '../../state/views.ts';
import { dateAndTime } from '../format.ts';
import { Alert } from '../parts/Alert.tsx';
import controls from '../parts/controls.module.css';
import { Facts } from '../parts/Facts.tsx';
import { useNow } from '../parts/now.ts';
import { Question } from '../parts/Question.tsx';
import { Screen } from '../parts/Screen.tsx';
import screen from '../parts/Screen.module.css';
import { TextSkeleton } from '../parts/Skeleton.tsx';
import { common } from '../words/shell.ts';
import { connect, faultWords } from '../words/codes.ts';
import styles from './ConnectScreen.module.css';

interface ConnectScreenProps {
  readonly intentId: string;
}

/** What a code says about its maker, before anything is sent. */
export function ConnectScreen({ intentId }: ConnectScreenProps) {
  const intent = useIntent(intentId);
  const [shown, setShown] = useState<PreviewView>();
  const [busy, begin] = useTransition();
  const [refusal, setRefusal] = useState<CodeFault | { readonly kind: 'no-mailbox' }>();
  const [, navigate] = useLocation();
  if (intent.kind === 'preview' && intent.preview !== shown) setShown(intent.preview);

  const accept = () =>
    begin(async () => {
      const outcome = await acceptIntent(intentId);
      if (outcome.kind === 'accepted')
        navigate(`/chats/${encodeURIComponent(outcome.contactId)}`, { replace: true });
      else setRefusal(outcome);
    });
  const decline = () =>
    begin(async () => {
      await declineIntent(intentId);
      navigate('/chats', { replace: true });
    });

  if (intent.kind === 'fault') return <Fault fault={intent.fault} onClose={decline} />;
  if (refusal && refusal.kind !== 'no-mailbox') return <Fault fault={refusal} onClose={decline} />;
  // The intent is gone as soon as it is accepted, a moment before the chat opens.
  const preview = intent.kind === 'preview' ? intent.preview : busy ? shown : undefined;
  if (preview)
    return (
      <section className={styles['screen']}>
        <Question
          name={preview.name}
          seed={preview.intentId}
          note={connect.claimedNote}
          busy={busy}
          onAccept={accept}
          onDecline={decline}
        >
          <PreviewFacts preview={preview} />
          {refusal && <Alert>{connect.noMailbox}</Alert>}
          <OfflineNote />
        </Question>
      </section>
    );
  if (intent.kind === 'gone') return <Redirect to="/chats" replace />;
  return (
    <div className={screen['body']}>
      <TextSkeleton />
    </div>
  );
}

interface PreviewFactsProps {
  readonly preview: PreviewView;
}

function PreviewFacts({ preview: { goal, mailboxHost, expiresAt } }: PreviewFactsProps) {
  const now = useNow();
  return (
    <Facts
      facts={[
        [connect.goal, goal],
        [connect.mailbox, mailboxHost],
        [connect.expires, expiresAt === undefined ? undefined : dateAndTime(expiresAt, now)],
      ]}
    />
  );
}

function OfflineNote() {
  if (useOnline()) return null;
  return (
    <p className={styles['offline']}>
      <CloudOff size="1.25rem" aria-hidden="true" />
      {connect.offline}
    </p>
  );
}

interface FaultProps {
  readonly fault: CodeFault;
  readonly onClose: () => void;
}

/** Somebody already known leads to their chat, anything else to a sentence. */
function Fault({ fault, onClose }: FaultProps) {
  const known = fault.kind === 'known' ? fault : undefined;
  const [, navigate] = useLocation();
  useEffect(() => {
    if (!known) return;
    show(faultWords(known), { role: 'status' });
    onClose();
    navigate(`/chats/${encodeURIComponent(known.contactId)}`, { replace: true });
  });
  if (known) return null;
  return (
    <Screen heading={connect.faultHeading}>
      <Alert>{faultWords(fault)}</Alert>
      <div className={controls['actions']}>
        <button className={controls['primary']} type="button" onClick={onClose}>
          {common.close}
        </button>
      </div>
    </Screen>
  );
}
