import ImageIcon from 'lucide-react/icons/image';
import { useRef, useTransition, type ChangeEvent } from 'react';
import controls from '../../parts/controls.module.css';
import { scan } from '../../words/scan.ts';
import { textInPicture, type LoadedScanner } from './use-scanner.ts';

interface PicturePickerProps {
  readonly scanner: LoadedScanner;
  readonly onText: (text: string) => void;
  readonly onFault: (fault: { readonly kind: 'no-code' | 'picture-failed' }) => void;
}

export function PicturePicker({ scanner, onText, onFault }: PicturePickerProps) {
  const field = useRef<HTMLInputElement>(null);
  const [busy, begin] = useTransition();

  const onChange = (event: ChangeEvent<HTMLInputElement>) => {
    const [picture] = event.currentTarget.files ?? [];
    event.currentTarget.value = ''; // so that the same picture can be chosen again
    if (!picture) return;
    begin(async () => {
      const outcome = await textInPicture(scanner(), picture);
      if (outcome.kind === 'text') onText(outcome.text);
      else onFault({ kind: outcome.kind === 'failed' ? 'picture-failed' : 'no-code' });
    });
  };

  return (
    <>
      <button
        className={controls['button']}
        type="button"
        aria-disabled={busy}
        onClick={() => field.current?.click()}
      >
        <ImageIcon size="1.125rem" aria-hidden="true" />
        {scan.picture}
      </button>
      <input ref={field} type="file" accept="image/*" hidden onChange={onChange} />
    </>
  );
}
