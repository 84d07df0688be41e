import { QRCodeSVG } from 'qrcode.react';
import { useState } from 'react';
import { invite } from '../words.ts';
import styles from './InviteScreen.module.css';

interface QrCodeProps {
  readonly url: string;
  /** As large as its place. */
  readonly unbounded?: boolean;
}

const MIN_MODULE_PX = 3;
const MAX_MODULE_PX = 4.5;
const QUIET_ZONE = 4;

/** Dark on white in every theme, and no module under three CSS pixels: what phones' cameras and our scanner read. */
export function QrCode({ url, unbounded = false }: QrCodeProps) {
  const [modules, setModules] = useState(0);
  return (
    <div
      className={styles['code']}
      style={{
        minInlineSize: modules * MIN_MODULE_PX,
        maxInlineSize: unbounded ? 'none' : modules * MAX_MODULE_PX,
      }}
    >
      <QRCodeSVG
        ref={(svg) => {
          if (svg) setModules(svg.viewBox.baseVal.width);
        }}
        className={styles['svg']}
        value={url}
        level="L"
        marginSize={QUIET_ZONE}
        bgColor="#ffffff"
        fgColor="#16130f"
        aria-label={invite.qr}
      />
    </div>
  );
}
