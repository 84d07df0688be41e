/** Classes of the advisory locks: numbers of our own within one database. */
export const LOCKS = { schema: 0x7061726c, names: 0x7061726d, expiry: 0x7061726e } as const;
