import { useEffect } from 'react';

const TEXT_FIELD = 'textarea, input:not([type=checkbox], [type=radio], [type=file])';

/**
 * Keeps the app inside what the on-screen keyboard leaves. Safari draws its keyboard over the page without resizing it,
 * so the visible part is measured; a pinched page is left alone. `data-keyboard` on the root lets the navigation give
 * its room to the person who writes.
 */
export function useViewport(): void {
  useEffect(() => {
    const view = window.visualViewport;
    if (!view) return undefined;
    const { style, dataset } = document.documentElement;
    const coarse = matchMedia('(pointer: coarse)');
    const fit = () => {
      if (Math.abs(view.scale - 1) > 0.01) return;
      const writing = coarse.matches && document.activeElement?.matches(TEXT_FIELD) === true;
      if (writing) {
        style.setProperty('--view-block', `${view.height}px`);
        style.setProperty('--view-top', `${view.offsetTop}px`);
      } else {
        style.removeProperty('--view-block');
        style.removeProperty('--view-top');
      }
      if (writing && view.height < screen.height * 0.7) dataset['keyboard'] = '';
      else delete dataset['keyboard'];
    };
    const targets = [
      [view, 'resize'],
      [view, 'scroll'],
      [document, 'focusin'],
      [document, 'focusout'],
    ] as const;
    for (const [target, event] of targets) target.addEventListener(event, fit);
    return () => {
      for (const [target, event] of targets) target.removeEventListener(event, fit);
    };
  }, []);
}
