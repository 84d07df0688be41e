import { useSyncExternalStore } from 'react';

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
