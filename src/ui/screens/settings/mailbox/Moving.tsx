import { stayAtMailbox } from '../../../../state/mailbox.ts';
import controls from '../../../parts/controls.module.css';
import { Fill } from '../../../parts/Fill.tsx';
import { mailbox as words } from '../../../words/mailbox.ts';

interface MovingProps {
  readonly host: string;
  readonly unreachable: boolean;
}

/** The mailbox that was chosen, until it is in use. */
export const Moving = ({ host, unreachable }: MovingProps) => (
  <section>
    <p role="status">
      <Fill sentence={unreachable ? words.movingUnreachable : words.moving} name={host} />
    </p>
    <div className={controls['actions']}>
      <button className={controls['button']} type="button" onClick={() => void stayAtMailbox()}>
        {words.stay}
      </button>
    </div>
  </section>
);
