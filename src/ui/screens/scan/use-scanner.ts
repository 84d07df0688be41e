import { useCallback, useEffect, useRef } from 'react';
import { loadScanner, type PictureOutcome, type Scanner } from '../../scanner/scanner.ts';

type Loading = Promise<Scanner | undefined>;

/** Gives the screen's one scanner; its code is loaded when it is first asked for. Undefined when it cannot be had. */
export type LoadedScanner = () => Loading;

/** Stops when the screen is left. */
export function useScanner(): LoadedScanner {
  const scanner = useRef<Loading>(undefined);
  useEffect(
    () => () => {
      void scanner.current?.then((loaded) => loaded?.stop());
    },
    [],
  );
  return useCallback(() => {
    const loading =
      scanner.current ??
      loadScanner().catch((): undefined => {
        scanner.current = undefined; // the network may be back next time
        return undefined;
      });
    scanner.current = loading;
    return loading;
  }, []);
}

export async function textInPicture(loading: Loading, picture: Blob): Promise<PictureOutcome> {
  const scanner = await loading;
  return scanner ? scanner.scanPicture(picture) : { kind: 'failed' };
}
