import { useId } from 'react';
import controls from './controls.module.css';

interface SwitchProps {
  readonly label: string;
  readonly note: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

export function Switch({ label, note, checked, onChange }: SwitchProps) {
  const id = useId();
  return (
    <label className={controls['switchRow']}>
      <span>
        <span id={`${id}-label`} className={controls['label']}>
          {label}
        </span>
        <br />
        <span id={`${id}-note`} className={controls['note']}>
          {note}
        </span>
      </span>
      <input
        className={controls['switch']}
        type="checkbox"
        role="switch"
        aria-labelledby={`${id}-label`}
        aria-describedby={`${id}-note`}
        checked={checked}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    </label>
  );
}
