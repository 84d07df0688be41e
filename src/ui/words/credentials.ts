export const credentials = {
  heading: 'Credentials',
  empty:
    'Parley cannot hold credentials yet: proofs that others give you will be kept here once it can.',
  invite: 'Invite someone',
} as const;
