import { setTheme, useView } from '../../../state/view.ts';
import type { Theme } from '../../../state/views.ts';
import controls from '../../parts/controls.module.css';
import { settings } from '../../words/settings.ts';
import styles from './Settings.module.css';

const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

export function Appearance() {
  const current = useView((view) => view.theme);
  return (
    <fieldset className={styles['themes']}>
      <legend className={controls['label']}>{settings.appearance.theme}</legend>
      {THEMES.map((theme) => (
        <label key={theme} className={styles['choice']}>
          <input
            type="radio"
            name="theme"
            checked={theme === current}
            onChange={() => setTheme(theme)}
          />
          {settings.appearance[theme]}
        </label>
      ))}
    </fieldset>
  );
}
