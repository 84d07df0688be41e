import Gear from 'lucide-react/icons/settings';
import { Redirect } from 'wouter';
import { Boundary } from '../../parts/Boundary.tsx';
import { Empty } from '../../parts/Empty.tsx';
import { Split } from '../../parts/Split.tsx';
import { settings } from '../../words/settings.ts';
import { isSection, SettingsList } from './SettingsList.tsx';
import { SettingsSection } from './SettingsSection.tsx';

interface SettingsRouteProps {
  readonly open: string | undefined;
}

export function SettingsRoute({ open }: SettingsRouteProps) {
  if (open !== undefined && !isSection(open)) return <Redirect to="/settings" replace />;
  return (
    <Split
      open={open}
      list={<SettingsList open={open} />}
      detail={
        open === undefined ? (
          <Empty icon={<Gear size="1.75rem" aria-hidden="true" />}>
            <p>{settings.choose}</p>
          </Empty>
        ) : (
          <Boundary key={open}>
            <SettingsSection section={open} />
          </Boundary>
        )
      }
    />
  );
}
