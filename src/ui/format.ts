import { chat } from './words/chats.ts';

// The words are English, so dates are too; the region of an English-speaking reader decides their order and clock.
const locale = navigator.language.startsWith('en') ? navigator.language : 'en-GB';

const formatter = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options);
const time = formatter({ hour: 'numeric', minute: '2-digit' });
const weekday = formatter({ weekday: 'long' });
const shortDate = formatter({ day: 'numeric', month: 'short' });
const longDate = formatter({ weekday: 'long', day: 'numeric', month: 'long' });
const moment = formatter({ day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' });
const dateWithYear = formatter({ day: 'numeric', month: 'long', year: 'numeric' });

const startOfDay = (at: number): number => new Date(at).setHours(0, 0, 0, 0);

/** Calendar days from `at` to `now`; rounded because days of clock changes have 23 or 25 hours. */
const daysAgo = (at: number, now: number): number =>
  Math.round((startOfDay(now) - startOfDay(at)) / 86_400_000);

export const timeOfDay = (at: number): string => time.format(at);

/** A key that two times of one local day share. */
export const dayOf = (at: number): number => startOfDay(at);

/** "Today", "Yesterday", "Monday", "Monday, 3 March", "3 March 2024". */
export function dayLabel(at: number, now: number): string {
  const days = daysAgo(at, now);
  if (days === 0) return chat.today;
  if (days === 1) return chat.yesterday;
  if (days > 1 && days < 7) return weekday.format(at);
  return sameYear(at, now) ? longDate.format(at) : dateWithYear.format(at);
}

/** Short, for the end of a row: "14:03", "Yesterday", "Monday", "3 Mar". */
export function rowTime(at: number, now: number): string {
  const days = daysAgo(at, now);
  if (days === 0) return timeOfDay(at);
  if (days === 1) return chat.yesterday;
  if (days > 1 && days < 7) return weekday.format(at);
  return sameYear(at, now) ? shortDate.format(at) : dateWithYear.format(at);
}

/** "18:30" for today, else with the day: "Monday, 3 March, 18:30". */
export function dateAndTime(at: number, now: number): string {
  const days = daysAgo(at, now);
  return days === 0 ? timeOfDay(at) : `${longDate.format(at)}, ${timeOfDay(at)}`;
}

/** Short and exact: "3 Mar, 18:30". */
export const shortMoment = (at: number): string => moment.format(at);

const sameYear = (a: number, b: number): boolean =>
  new Date(a).getFullYear() === new Date(b).getFullYear();

export function byteSize(bytes: number): string {
  if (bytes < 1e6) return `${Math.max(1, Math.round(bytes / 1e3))} kB`;
  if (bytes < 1e9) return `${(bytes / 1e6).toFixed(1)} MB`;
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
