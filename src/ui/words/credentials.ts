export const credentials = {
  heading: 'Credentials',
  empty:
    'You have no credentials, and this version of Parley cannot receive any yet. Later, proofs that others give you will be kept here.',
} as const;
