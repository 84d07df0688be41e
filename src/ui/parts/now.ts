import { useEffect, useState, useSyncExternalStore } from 'react';

const MINUTE = 60_000;

function eachMinute(onChange: () => void): () => void {
  const timer = setInterval(onChange, MINUTE / 4);
  document.addEventListener('visibilitychange', onChange);
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', onChange);
  };
}

const thisMinute = () => Math.floor(Date.now() / MINUTE) * MINUTE;

/** The time to the minute, for "Today" and "Expires": draws again when the minute turns. */
export const useNow = (): number => useSyncExternalStore(eachMinute, thisMinute);

/** Whether this time has come; never for no time. Draws again when it comes. */
export function useIsPast(at = Infinity): boolean {
  const [seen, setSeen] = useState(() => Date.now());
  useEffect(() => {
    const wait = at - Date.now();
    if (wait > LONGEST_TIMER) return;
    const timer = setTimeout(() => setSeen(Date.now()), Math.max(wait, 0));
    return () => clearTimeout(timer);
  }, [at]);
  return seen >= at;
}

/** The longest time that timers can wait, in milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1;
