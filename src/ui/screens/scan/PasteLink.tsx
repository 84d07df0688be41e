import { useState, type ReactNode, type SyntheticEvent } from 'react';
import controls from '../../parts/controls.module.css';
import { scan } from '../../words/scan.ts';

interface PasteLinkProps {
  readonly label: string;
  readonly onText: (text: string) => void;
  readonly onFault: (fault: { readonly kind: 'no-link' }) => void;
  /** What came of it, seen right below what was typed. */
  readonly children?: ReactNode;
}

export function PasteLink({ label, onText, onFault, children }: PasteLinkProps) {
  const [link, setLink] = useState('');

  const onSubmit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (link.trim() === '') onFault({ kind: 'no-link' });
    else onText(link);
  };

  return (
    <form className={controls['stack']} onSubmit={onSubmit}>
      <div className={controls['field']}>
        <label className={controls['label']} htmlFor="pasted-link">
          {label}
        </label>
        <textarea
          id="pasted-link"
          className={controls['input']}
          rows={2}
          dir="ltr"
          autoFocus
          spellCheck={false}
          autoCapitalize="off"
          value={link}
          onChange={(event) => setLink(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') onSubmit(event);
          }}
        />
      </div>
      {children}
      <button className={controls['primary']} type="submit">
        {scan.continue}
      </button>
    </form>
  );
}
