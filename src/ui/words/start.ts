export const start = {
  heading: 'Welcome to Parley',
  promise: 'Private messages between two people. Nobody in between can read them.',
  invitedBy: '{name} invited you',
  invited: 'You were invited',
  claimed: 'Name as claimed',
  invitedNote: 'Say who you are; then you decide whether to connect.',
  over: 'This invitation is over',
  overNote: 'It was used or withdrawn, or its time has passed. Ask for a new one.',
  yourName: 'Your name',
  nameNote: 'The people you connect with see this name. You can change it later.',
  nameMissing: 'Type the name that others should see.',
  start: 'Start',
} as const;
