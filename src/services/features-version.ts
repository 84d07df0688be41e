/** Grows when the wallet wants to know of another protocol: every contact is asked once for each version. */
export const FEATURES_VERSION = 2;
