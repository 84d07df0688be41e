export const start = {
  heading: 'Welcome to Parley',
  promise: 'Private messages between two people. Nobody in between can read them.',
  yourName: 'Your name',
  nameNote: 'The people you connect with see this name. You can change it later.',
  nameMissing: 'Type the name that others should see.',
  start: 'Start',
} as const;
