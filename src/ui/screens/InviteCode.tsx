import Copy from 'lucide-react/icons/copy';
import Share2 from 'lucide-react/icons/share-2';
import { useRef, useState } from 'react';
import { useOnline } from '../../state/hooks.ts';
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
  readonly link: ShownLink | undefined;
}

/** The form of an invitation that is on show. */
export interface ShownLink {
  readonly url: string;
  readonly short: boolean;
}

/** The code of an invitation as a picture, or what keeps it from being shown. */
export function InviteCode({ invitation, link }: InviteCodeProps) {
  const now = useNow();
  const online = useOnline();
  if (
    invitation?.kind === 'expired' ||
    (invitation?.kind === 'live' && invitation.expiresAt <= now)
  )
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
  if (invitation?.kind !== 'live' || !link)
    return (
      <div className={styles['placeholder']}>
        <Later>
          <p role="status">
            {online || invitation === undefined ? invite.preparing : invite.noSpare}
          </p>
        </Later>
      </div>
    );
  return (
    <div className={controls['stack']}>
      <Picture {...link} />
      <p className={styles['caption']}>
        {fill(invite.expires, { time: dateAndTime(invitation.expiresAt, now) })}
      </p>
    </div>
  );
}

function Picture({ url, short }: ShownLink) {
  const [full, setFull] = useState(false);
  return (
    <div className={styles['picture']}>
      {/* Drawn once: two images of one name would be one too many. */}
      {full ? (
        <FullScreenCode url={url} short={short} onClose={() => setFull(false)} />
      ) : (
        <QrCode url={url} short={short} />
      )}
      <button
        className={styles['enlarge']}
        type="button"
        aria-label={invite.fullScreen}
        onClick={() => setFull(true)}
      />
    </div>
  );
}

interface InviteLinkProps {
  readonly url: string;
  /** It went to somebody, or to the clipboard. */
  readonly onHandedOut: () => void;
}

/** The same invitation for whoever is not in the room. */
export function InviteLink({ url, onHandedOut }: InviteLinkProps) {
  const field = useRef<HTMLInputElement>(null);

  const copy = async () => {
    const copied = await copyText(url);
    if (copied) onHandedOut();
    else field.current?.select();
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
          <button
            className={controls['button']}
            type="button"
            onClick={() => void share(url, onHandedOut)}
          >
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
const share = (url: string, onShared: () => void): Promise<void> =>
  navigator.share({ text: invite.shareText, url }).then(onShared, () => undefined);
