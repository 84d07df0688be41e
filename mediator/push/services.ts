/**
 * The push services of the browsers people have: Chrome and what is made of it, Firefox, Safari, Edge. What an
 * account gives us to send to is so never a stranger's server.
 */
export const PUSH_SERVICES: readonly string[] = [
  'fcm.googleapis.com',
  '*.push.services.mozilla.com',
  '*.push.apple.com',
  '*.notify.windows.com',
];

/**
 * Whether an operator's list names the host: exactly, by `*.` and the end of it, or by `*` for every host.
 * @param endpoint a URL
 */
export function isListed(endpoint: string, services: readonly string[]): boolean {
  const { hostname } = new URL(endpoint);
  return services.some(
    (name) =>
      name === '*' ||
      name === hostname ||
      (name.startsWith('*.') && hostname.endsWith(name.slice(1))),
  );
}
