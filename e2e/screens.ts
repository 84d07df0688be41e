/** Every screen that needs nothing but a wallet, with its heading. */
export const SCREENS: readonly (readonly [path: string, heading: string])[] = [
  ['/chats', 'Chats'],
  ['/invite', 'Invite someone'],
  ['/scan', 'Scan a code'],
  ['/credentials', 'Credentials'],
  ['/settings', 'Settings'],
  ['/settings/profile', 'Profile'],
  ['/settings/mailbox', 'Mailbox'],
  ['/settings/notifications', 'Notifications'],
  ['/settings/storage', 'Storage'],
  ['/settings/appearance', 'Appearance'],
  ['/settings/diagnostics', 'Diagnostics'],
  ['/settings/about', 'About'],
];
