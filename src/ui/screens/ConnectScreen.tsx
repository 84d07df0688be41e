import CloudOff from 'lucide-react/icons/cloud-off';
import { lazy, Suspense, useEffect, useState, useTransition } from 'react';
import { Link, Redirect, useLocation } from 'wouter';
import { acceptIntent, declineIntent, fetchIntent } from '../../state/actions.ts';
import { useIntent } from '../../state/code-hooks.ts';
import { useOnline } from '../../state/hooks.ts';
import { show } from '../../state/view.ts';
import type { CodeFault, PreviewView } from '../../state/views.ts';
import { dateAndTime } from '../format.ts';
import { Alert } from '../parts/Alert.tsx';
import controls from '../parts/controls.module.css';
import { Facts } from '../parts/Facts.tsx';
import { Fill } from '../parts/Fill.tsx';
import { useNow } from '../parts/now.ts';
import { Question } from '../parts/Question.tsx';
import { Screen } from '../parts/Screen.tsx';
import screen from '../parts/Screen.module.css';
import { TextSkeleton } from '../parts/Skeleton.tsx';
import { common } from '../words/shell.ts';
import { question } from '../words/chats.ts';
import { connect, faultWords } from '../words/codes.ts';
import { mailbox } from '../words/mailbox.ts';
import styles from './ConnectScreen.module.css';

const MailboxOffer = lazy(async () => {
  const { MailboxOffer } = await import('./settings/mailbox/MailboxOffer.tsx');
  return { default: MailboxOffer };
});

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

  const fault = intent.kind === 'fault' ? intent.fault : refusal;
  if (fault?.kind === 'known') return <Known fault={fault} intentId={intentId} />;
  if (fault && fault.kind !== 'no-mailbox') return <Fault fault={fault} onClose={decline} />;
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
  if (intent.kind === 'elsewhere')
    return (
      <Elsewhere
        host={intent.host}
        onContinue={() => void fetchIntent(intentId)}
        onCancel={decline}
      />
    );
  if (intent.kind === 'opening') return <Opening host={intent.host} onDecline={decline} />;
  if (intent.kind === 'mailbox')
    return (
      <Screen heading={mailbox.question}>
        <Suspense fallback={<TextSkeleton />}>
          <MailboxOffer
            code={intent.code}
            onClose={(moves) => {
              // Away from here first: an intent that is gone leads to the list.
              navigate(moves ? '/settings/mailbox' : '/chats', { replace: true });
              void declineIntent(intentId);
            }}
          />
        </Suspense>
      </Screen>
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

interface ElsewhereProps {
  readonly host: string;
  readonly onContinue: () => void;
  readonly onCancel: () => void;
}

/** A host that the person did not choose learns of them only when they agree. */
const Elsewhere = ({ host, onContinue, onCancel }: ElsewhereProps) => (
  <Screen heading={connect.elsewhereHeading}>
    <p>
      <Fill sentence={connect.elsewhere} name={host} />
    </p>
    <div className={controls['actions']}>
      <button className={controls['primary']} type="button" onClick={onContinue}>
        {connect.continue}
      </button>
      <button className={controls['button']} type="button" onClick={onCancel}>
        {common.cancel}
      </button>
    </div>
  </Screen>
);

interface OpeningProps {
  readonly host: string;
  readonly onDecline: () => void;
}

/** The service worker fetches it; the page only waits, and may be left. */
function Opening({ host, onDecline }: OpeningProps) {
  const online = useOnline();
  return (
    <Screen heading={connect.openingHeading}>
      <div className={styles['offline']} role="status">
        {!online && <CloudOff size="1.25rem" aria-hidden="true" />}
        <p>{online ? connect.opening : connect.opensOnline}</p>
      </div>
      <p className={controls['note']}>
        <Fill sentence={connect.openingNote} name={host} />
      </p>
      <div className={controls['actions']}>
        <Link className={controls['primary']} to="/chats">
          {common.close}
        </Link>
        <button className={controls['button']} type="button" onClick={onDecline}>
          {question.decline}
        </button>
      </div>
    </Screen>
  );
}

interface KnownProps {
  readonly fault: Extract<CodeFault, { kind: 'known' }>;
  readonly intentId: string;
}

/** The code of somebody already known leads to their chat. */
function Known({ fault, intentId }: KnownProps) {
  const { contactId, name } = fault;
  const [, navigate] = useLocation();
  useEffect(() => {
    show(faultWords({ kind: 'known', contactId, name }), { role: 'status' });
    // Away from here first: an intent that is gone leads to the list.
    navigate(`/chats/${encodeURIComponent(contactId)}`, { replace: true });
    void declineIntent(intentId);
  }, [contactId, name, intentId, navigate]);
  return null;
}

interface FaultProps {
  readonly fault: Exclude<CodeFault, { kind: 'known' }>;
  readonly onClose: () => void;
}

const Fault = ({ fault, onClose }: FaultProps) => (
  <Screen heading={connect.faultHeading}>
    <Alert>{faultWords(fault)}</Alert>
    <div className={controls['actions']}>
      <button className={controls['primary']} type="button" onClick={onClose}>
        {common.close}
      </button>
    </div>
  </Screen>
);
