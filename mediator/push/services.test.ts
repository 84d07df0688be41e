import { expect, test } from 'vitest';
import { isListed, PUSH_SERVICES } from './services.ts';

test.each([
  ['https://fcm.googleapis.com/fcm/send/abc', true],
  ['https://updates.push.services.mozilla.com/wpush/v2/abc', true],
  ['https://web.push.apple.com/abc', true],
  ['https://db5p.notify.windows.com/w/?token=abc', true],
  ['https://FCM.googleapis.com/', true],
  ['https://fcm.googleapis.com.evil.example/', false],
  ['https://evilnotify.windows.com/', false],
  ['https://notify.windows.com/', false],
  ['https://push.example/', false],
])('%s is of a browser people have: %s', (endpoint, listed) => {
  expect(isListed(endpoint, PUSH_SERVICES)).toBe(listed);
});

test('an operator names hosts, or all of them', () => {
  expect(isListed('https://push.example/1', ['push.example'])).toBe(true);
  expect(isListed('https://a.push.example/1', ['push.example'])).toBe(false);
  expect(isListed('https://anything.example/1', ['*'])).toBe(true);
});
