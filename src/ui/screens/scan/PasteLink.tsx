import Link2 from 'lucide-react/icons/link-2';
import { useId, useState, type SyntheticEvent } from 'react';
import controls from '../../parts/controls.module.css';
import { scan } from '../../words.ts';

interface PasteLinkProps {
  readonly onText: (text: string) => void;
  readonly onFault: (fault: { readonly kind: 'no-link' }) => void;
}

export function PasteLink({ onText, onFault }: PasteLinkProps) {
  const [open, setOpen] = useState(false);
  const [link, setLink] = useState('');
  const id = useId();

  const onSubmit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (link.trim() === '') onFault({ kind: 'no-link' });
    else onText(link);
  };

  return (
    <>
      <button
        className={controls['button']}
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Link2 size="1.125rem" aria-hidden="true" />
        {scan.paste}
      </button>
      {open && (
        <form className={controls['stack']} onSubmit={onSubmit}>
          <div className={controls['field']}>
            <label className={controls['label']} htmlFor={id}>
              {scan.link}
            </label>
            <textarea
              id={id}
              className={controls['input']}
              rows={3}
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
      )}
    </>
  );
}
