import { useState, useTransition, type SubmitEvent } from 'react';
import { cleanDisplayName } from '../../../lib/display-name.ts';
import { setProfileName } from '../../../state/actions.ts';
import { useProfile } from '../../../state/hooks.ts';
import { show } from '../../../state/view.ts';
import { Alert } from '../../parts/Alert.tsx';
import controls from '../../parts/controls.module.css';
import { TextSkeleton } from '../../parts/Skeleton.tsx';
import { common } from '../../words/shell.ts';
import { start } from '../../words/start.ts';

export function Profile() {
  const profile = useProfile();
  const [typed, setTyped] = useState<string>();
  const [missing, setMissing] = useState(false);
  const [busy, begin] = useTransition();
  if (!profile) return <TextSkeleton />;
  const name = typed ?? profile.name;

  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    const clean = cleanDisplayName(name);
    setMissing(clean === '');
    if (clean === '' || busy) return;
    begin(async () => {
      await setProfileName(clean);
      setTyped(clean);
      show(common.saved, { role: 'status' });
    });
  };

  return (
    <form className={controls['stack']} onSubmit={onSubmit} noValidate>
      <div className={controls['field']}>
        <label className={controls['label']} htmlFor="profile-name">
          {start.yourName}
        </label>
        <input
          id="profile-name"
          className={controls['input']}
          value={name}
          onChange={(event) => setTyped(event.currentTarget.value)}
          autoComplete="nickname"
          dir="auto"
          maxLength={200}
          required
          aria-invalid={missing}
          aria-describedby="profile-name-note"
        />
        <p className={controls['note']} id="profile-name-note">
          {start.nameNote}
        </p>
      </div>
      {missing && <Alert>{start.nameMissing}</Alert>}
      <div className={controls['actions']}>
        <button className={controls['primary']} type="submit" aria-disabled={busy}>
          {common.save}
        </button>
      </div>
    </form>
  );
}
