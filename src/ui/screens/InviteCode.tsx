import Copy from 'lucide-react/icons/copy';
import Share2 from 'lucide-react/icons/share-2';
import { useRef, useState } from 'react';
import { setInvitationId, show } from '../../state/view.ts';
import type { InvitationView } from '../../state/views.ts';
import { dateAndTime } from '../format.ts';
import { Alert } from '../parts/Alert.tsx';
import controls from '../parts/controls.module.css';
import { Later } from '../parts/Later.tsx';
import { useNow } from '../parts/now.ts';
import { fill } from '../words/fill.ts';
import { invite } from '../words/invite.ts';
import { FullScreenCode } from './FullScreenCode.tsx';
import styles from './InviteScreen.module.css';
import { QrCode } from './QrCode.tsx';

interface InviteCodeProps {
  readonly invitation: Exclude<InvitationView, { kind: 'answered' }> | undefined;
}

/** The code of an invitation as a picture, or what keeps it from being shown. */
export function InviteCode({ invitation }: InviteCodeProps) {
  const now = useNow();
  if (!invitation || invitation.kind === 'preparing')
    return (
      <div className={styles['placeholder']}>
        <Later>
          <p role="status">{invite.preparing}</p>
        </Later>
      </div>
    );
  if (invitation.kind === 'expired' || invitation.expiresAt <= now)
    return (
      <div className={controls['stack']}>
        <Alert>{invite.expired}</Alert>
        <button
          className={controls['primary']}
          type="button"
          onClick={() => setInvitationId(undefined)}
        >
          {invite.renew}
        </button>
      </div>
    );
  return (
    <div className={controls['stack']}>
      <Picture url={invitation.url} />
      <p className={styles['caption']}>
        {fill(invite.expires, { time: dateAndTime(invitation.expiresAt, now) })}
      </p>
    </div>
  );
}

interface UrlProps {
  readonly url: string;
}

function Picture({ url }: UrlProps) {
  const [full, setFull] = useState(false);
  return (
    <div className={styles['picture']}>
      {/* Drawn once: two images of one name would be one too many. */}
      {full ? <FullScreenCode url={url} onClose={() => setFull(false)} /> : <QrCode url={url} />}
      <button
        className={styles['enlarge']}
        type="button"
        aria-label={invite.fullScreen}
        onClick={() => setFull(true)}
      />
    </div>
  );
}

/** The same invitation for whoever is not in the room. */
export function InviteLink({ url }: UrlProps) {
  const field = useRef<HTMLInputElement>(null);

  const copy = async () => {
    const copied = await copyText(url);
    if (!copied) field.current?.select();
    show(copied ? invite.copied : invite.copyRefused, { role: copied ? 'status' : 'alert' });
  };

  return (
    <div className={controls['stack']}>
      <input
        ref={field}
        className={controls['input']}
        aria-label={invite.link}
        value={url}
        readOnly
        dir="ltr"
        onFocus={(event) => event.currentTarget.select()}
      />
      <div className={styles['buttons']}>
        <button className={controls['primary']} type="button" onClick={() => void copy()}>
          <Copy size="1.125rem" aria-hidden="true" />
          {invite.copy}
        </button>
        {'share' in navigator && (
          <button className={controls['button']} type="button" onClick={() => void share(url)}>
            <Share2 size="1.125rem" aria-hidden="true" />
            {invite.share}
          </button>
        )}
      </div>
    </div>
  );
}

const copyText = (text: string): Promise<boolean> =>
  'clipboard' in navigator
    ? navigator.clipboard.writeText(text).then(
        () => true,
        () => false,
      )
    : Promise.resolve(false);

/** Closing the system's sheet without choosing rejects; nothing is to be said about it. */
const share = (url: string): Promise<void> =>
  navigator.share({ text: invite.shareText, url }).catch(() => undefined);
