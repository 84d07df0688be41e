import { lazy, Suspense, useEffect } from 'react';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import { useBoot, usePendingIntent } from '../state/hooks.ts';
import { applyTheme } from '../state/view.ts';
import './theme/tokens.css';
import './theme/base.css';
import { BootFailed } from './screens/BootFailed.tsx';
import { Boundary } from './parts/Boundary.tsx';
import { Shell } from './parts/Shell.tsx';
import { TextSkeleton } from './parts/Skeleton.tsx';
import { useViewport } from './parts/viewport.ts';
import { ChatsRoute } from './screens/ChatsRoute.tsx';

const StartScreen = lazy(async () => {
  const { StartScreen } = await import('./screens/StartScreen.tsx');
  return { default: StartScreen };
});
const InviteScreen = lazy(async () => {
  const { InviteScreen } = await import('./screens/InviteScreen.tsx');
  return { default: InviteScreen };
});
const ScanScreen = lazy(async () => {
  const { ScanScreen } = await import('./screens/ScanScreen.tsx');
  return { default: ScanScreen };
});
const ConnectScreen = lazy(async () => {
  const { ConnectScreen } = await import('./screens/ConnectScreen.tsx');
  return { default: ConnectScreen };
});
const CredentialsScreen = lazy(async () => {
  const { CredentialsScreen } = await import('./screens/CredentialsScreen.tsx');
  return { default: CredentialsScreen };
});
const SettingsRoute = lazy(async () => {
  const { SettingsRoute } = await import('./screens/settings/SettingsRoute.tsx');
  return { default: SettingsRoute };
});

applyTheme();

/** Which part of Parley there is to show: nothing yet, onboarding, or an open wallet. */
export function App() {
  const boot = useBoot();
  const [path] = useLocation();
  useViewport();
  switch (boot.kind) {
    case 'loading':
      return null;
    case 'failed':
      return <BootFailed code={boot.code} />;
    case 'new':
      if (path !== '/start') return <Redirect to="/start" replace />;
      return (
        <Boundary>
          <Suspense>
            <StartScreen />
          </Suspense>
        </Boundary>
      );
    case 'ready':
      return <OpenWallet />;
  }
}

function OpenWallet() {
  const [path] = useLocation();
  useIntents();
  const [first] = path.split('/').filter(Boolean);
  return (
    <Shell>
      <Boundary key={first}>
        <Suspense fallback={<TextSkeleton />}>
          <Switch>
            <Route path="/chats/:id?">
              {(params: { readonly id?: string }) => <ChatsRoute open={params.id} />}
            </Route>
            <Route path="/invite">
              <InviteScreen />
            </Route>
            <Route path="/scan">
              <ScanScreen />
            </Route>
            <Route path="/connect/:intent">
              {({ intent }: { readonly intent: string }) => (
                <ConnectScreen key={intent} intentId={intent} />
              )}
            </Route>
            <Route path="/credentials">
              <CredentialsScreen />
            </Route>
            <Route path="/settings/:section?">
              {(params: { readonly section?: string }) => <SettingsRoute open={params.section} />}
            </Route>
            <Route>
              <Redirect to="/chats" replace />
            </Route>
          </Switch>
        </Suspense>
      </Boundary>
    </Shell>
  );
}

/** A link that was opened, or text that was shared, waits on disk until a screen can ask about it. */
function useIntents(): void {
  const intent = usePendingIntent();
  const [, navigate] = useLocation();
  useEffect(() => {
    if (intent === undefined) return;
    const place = `/connect/${encodeURIComponent(intent)}`;
    if (location.pathname !== place) navigate(place);
  }, [intent, navigate]);
}
