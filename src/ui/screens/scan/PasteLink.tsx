import { useState, type SyntheticEvent } from 'react';
import controls from '../../parts/controls.module.css';
import { scan } from '../../words/scan.ts';

interface PasteLinkProps {
  readonly onText: (text: string) => void;
  readonly onFault: (fault: { readonly kind: 'no-link' }) => void;
}

export function PasteLink({ onText, onFault }: PasteLinkProps) {
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
          {scan.link}
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
      <button className={controls['primary']} type="submit">
        {scan.continue}
      </button>
    </form>
  );
}
