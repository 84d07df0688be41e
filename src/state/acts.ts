/**
 * The code of what a person can do. It comes with the first screen that needs it: the start only reads.
 * Loaded once, however often this is called.
 */
export const loadActs = () => import('../services/acts.ts');
