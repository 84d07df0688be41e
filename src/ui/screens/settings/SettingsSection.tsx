import type { ReactNode } from 'react';
import { Screen } from '../../parts/Screen.tsx';
import { useView } from '../../../state/view.ts';
import { mailbox } from '../../words/mailbox.ts';
import { settings } from '../../words/settings.ts';
import { About } from './About.tsx';
import { Appearance } from './Appearance.tsx';
import { Diagnostics } from './Diagnostics.tsx';
import { MailboxSection } from './MailboxSection.tsx';
import { Notifications } from './Notifications.tsx';
import { Profile } from './Profile.tsx';
import type { Section } from './SettingsList.tsx';
import { Storage } from './Storage.tsx';

interface SettingsSectionProps {
  readonly section: Section;
}

export function SettingsSection({ section }: SettingsSectionProps) {
  const isOffered = useView(({ mailboxCode }) => mailboxCode !== undefined);
  const asks = section === 'mailbox' && isOffered;
  return (
    // The question is another screen: who reads by ear is told of it.
    <Screen
      key={String(asks)}
      heading={asks ? mailbox.question : settings.sections[section]}
      back="/settings"
    >
      {contents[section]}
    </Screen>
  );
}

const contents: Readonly<Record<Section, ReactNode>> = {
  profile: <Profile />,
  mailbox: <MailboxSection />,
  notifications: <Notifications />,
  storage: <Storage />,
  appearance: <Appearance />,
  diagnostics: <Diagnostics />,
  about: <About />,
};
