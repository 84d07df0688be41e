import { QRCodeSVG } from 'qrcode.react';
import { useState, type CSSProperties } from 'react';
import { invite } from '../words/invite.ts';
import styles from './InviteScreen.module.css';

interface QrCodeProps {
  readonly url: string;
  /** A short link has room for more redundancy: dirt and reflections hide a part of it. */
  readonly short: boolean;
  /** As large as its place. */
  readonly unbounded?: boolean;
}

const MIN_MODULE_PX = 3;
const MAX_MODULE_PX = 4;
const QUIET_ZONE = 4;
/** What a code of few modules may take. */
const SHORT_SIZE = '20rem';

/** Dark on white in every theme, and no module under three CSS pixels: what phones' cameras and our scanner read. */
export function QrCode({ url, short, unbounded = false }: QrCodeProps) {
  const [modules, setModules] = useState(1);
  const size: CSSProperties & Readonly<Record<`--${string}`, string>> = {
    minInlineSize: modules * MIN_MODULE_PX,
    maxInlineSize: unbounded ? 'none' : `max(${modules * MAX_MODULE_PX}px, ${SHORT_SIZE})`,
    // Sizes that give each module the same whole number of the screen's own pixels.
    '--step': `${modules / devicePixelRatio}px`,
  };
  return (
    <div className={styles['code']} style={size}>
      <QRCodeSVG
        ref={(svg) => {
          if (svg) setModules(svg.viewBox.baseVal.width);
        }}
        className={styles['svg']}
        value={url}
        level={short ? 'M' : 'L'}
        marginSize={QUIET_ZONE}
        bgColor="#ffffff"
        fgColor="#16130f"
        aria-label={invite.qr}
      />
    </div>
  );
}
