import { useCallback } from 'react';

// A screen that the person went to takes the focus, so that it is read out and Tab goes on from there. The first screen
// of a page load does not: the browser has its own idea of where to start reading.
let acted = false;

for (const event of ['click', 'keydown', 'popstate'] as const)
  addEventListener(event, () => (acted = true), { capture: true, passive: true });

/** Whether the person came to this screen by a tap or key inside the app, not by loading the page. */
export const hasTravelled = (): boolean => acted;

/** A ref for the element that takes the focus when its screen opens: the heading, or the field to write in. */
export const useArrival = () =>
  useCallback((element: HTMLElement | null) => {
    if (acted) element?.focus({ preventScroll: true });
  }, []);
