import { useDiagnostics } from '../../../state/hooks.ts';
import { Facts } from '../../parts/Facts.tsx';
import { Mark } from '../../parts/Mark.tsx';
import { settings } from '../../words/settings.ts';

export function About() {
  const version = useDiagnostics()?.version;
  const words = settings.about;
  return (
    <>
      <Mark size="4.5rem" />
      <p>{words.lead}</p>
      <p>{words.standard}</p>
      <p>{words.licence}</p>
      <Facts facts={[[words.version, version]]} />
    </>
  );
}
