import SendHorizontal from 'lucide-react/icons/send-horizontal';
import { useRef, useTransition, type SubmitEvent, type KeyboardEvent } from 'react';
import { sendText } from '../../../state/actions.ts';
import { hasTravelled } from '../../parts/arrival.ts';
import { chat } from '../../words/chats.ts';
import styles from './Composer.module.css';
import { useDraftText } from './draft.ts';

interface ComposerProps {
  readonly contactId: string;
}

const hasKeyboard = () => matchMedia('(pointer: fine)').matches;
const growsByItself = CSS.supports('field-sizing', 'content');

/** Works the same without a network. Enter sends where there is a keyboard and breaks the line on touch. */
export function Composer({ contactId }: ComposerProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const { text, setText, handOver } = useDraftText(contactId);
  const [, begin] = useTransition();
  const composedAt = useRef(-Infinity);
  const sending = useRef(Promise.resolve());
  const blank = text.trim() === '';

  const send = () => {
    if (blank) return;
    field.current?.focus();
    // One after the other, so that the order of the chat is the order of writing.
    sending.current = sending.current.then(() => sendText(contactId, text.trim()));
    begin(() => handOver(sending.current));
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    // Safari ends a composition before the Enter that confirms it.
    if (event.timeStamp - composedAt.current < 50 || !hasKeyboard()) return;
    event.preventDefault();
    send();
  };

  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    send();
  };

  return (
    <form className={styles['composer']} onSubmit={onSubmit}>
      <textarea
        ref={(element) => {
          field.current = element;
          if (element && !growsByItself) grow(element);
        }}
        className={styles['field']}
        aria-label={chat.message}
        placeholder={chat.message}
        autoFocus={hasTravelled() && hasKeyboard()}
        rows={1}
        dir="auto"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        onCompositionEnd={(event) => (composedAt.current = event.timeStamp)}
      />
      <button
        className={styles['send']}
        type="submit"
        aria-label={chat.send}
        disabled={blank}
        // Keeps the on-screen keyboard open.
        onPointerDown={(event) => event.preventDefault()}
      >
        <SendHorizontal size="1.25rem" aria-hidden="true" />
      </button>
    </form>
  );
}

/** For browsers without `field-sizing`: as high as its text. */
function grow(element: HTMLTextAreaElement): void {
  element.style.blockSize = 'auto';
  element.style.blockSize = `${element.scrollHeight + 2}px`;
}
