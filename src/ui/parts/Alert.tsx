import CircleAlert from 'lucide-react/icons/circle-alert';
import type { ReactNode } from 'react';
import controls from './controls.module.css';

interface AlertProps {
  readonly children: ReactNode;
}

/** A refusal or an error in a plain sentence, spoken at once. */
export const Alert = ({ children }: AlertProps) => (
  <div className={controls['alert']} role="alert">
    <CircleAlert size="1.25rem" aria-hidden="true" />
    <p>{children}</p>
  </div>
);
