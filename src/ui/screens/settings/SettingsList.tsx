import Bell from 'lucide-react/icons/bell';
import ChevronRight from 'lucide-react/icons/chevron-right';
import HardDrive from 'lucide-react/icons/hard-drive';
import Info from 'lucide-react/icons/info';
import Mailbox from 'lucide-react/icons/mailbox';
import Palette from 'lucide-react/icons/palette';
import Stethoscope from 'lucide-react/icons/stethoscope';
import User from 'lucide-react/icons/user';
import { Link } from 'wouter';
import type { Icon as IconType } from '../../parts/icon.ts';
import screen from '../../parts/Screen.module.css';
import { settings } from '../../words/settings.ts';
import styles from './Settings.module.css';

export type Section = keyof typeof settings.sections;

const sectionIcons: Readonly<Record<Section, IconType>> = {
  profile: User,
  mailbox: Mailbox,
  notifications: Bell,
  storage: HardDrive,
  appearance: Palette,
  diagnostics: Stethoscope,
  about: Info,
};

export const isSection = (name: string): name is Section => Object.hasOwn(sectionIcons, name);

interface SettingsListProps {
  readonly open: Section | undefined;
}

export const SettingsList = ({ open }: SettingsListProps) => (
  <section className={screen['screen']}>
    <header className={screen['header']}>
      <h1 tabIndex={-1}>{settings.heading}</h1>
    </header>
    <ul className={styles['list']}>
      {Object.keys(sectionIcons)
        .filter(isSection)
        .map((section) => (
          <li key={section}>
            <SectionLink section={section} current={section === open} />
          </li>
        ))}
    </ul>
  </section>
);

interface SectionLinkProps {
  readonly section: Section;
  readonly current: boolean;
}

function SectionLink({ section, current }: SectionLinkProps) {
  const Icon = sectionIcons[section];
  return (
    <Link
      id={`row-${section}`}
      className={styles['row']}
      to={`/settings/${section}`}
      aria-current={current ? 'page' : undefined}
    >
      <Icon size="1.375rem" aria-hidden="true" />
      <span className={styles['label']}>{settings.sections[section]}</span>
      <ChevronRight className={styles['chevron']} size="1.25rem" aria-hidden="true" />
    </Link>
  );
}
