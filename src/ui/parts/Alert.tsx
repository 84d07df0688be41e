import CircleAlert from 'lucide-react/icons/circle-alert';
import type { ReactNode } from 'react';
import controls from './controls.module.css';

interface AlertProps {
  readonly children: ReactNode;
}

const reveal = (element: HTMLElement | null) => element?.scrollIntoView({ block: 'nearest' });

/** A refusal or an error in a plain sentence, spoken at once and never below the fold. */
export const Alert = ({ children }: AlertProps) => (
  <div ref={reveal} className={controls['alert']} role="alert">
    <CircleAlert size="1.25rem" aria-hidden="true" />
    <p>{children}</p>
  </div>
);
