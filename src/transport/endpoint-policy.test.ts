import { describe, expect, test } from 'vitest';
import { judgeEndpoint } from './endpoint-policy.ts';

const PUBLIC = 'https://wallet.example.org';
const LOCAL = 'http://localhost:8080';

const cases: readonly (readonly [string, string, string])[] = [
  ['https://mediator.example.com/', PUBLIC, 'ok'],
  ['wss://mediator.example.com/ws', PUBLIC, 'ok'],
  ['http://mediator.example.com/', PUBLIC, 'scheme'],
  ['ws://mediator.example.com/', PUBLIC, 'scheme'],
  ['ftp://mediator.example.com/', PUBLIC, 'scheme'],
  ['javascript:alert(1)', PUBLIC, 'scheme'],
  ['https://user:pass@mediator.example.com/', PUBLIC, 'userinfo'],
  ['https://mediator.example.com/#x', PUBLIC, 'fragment'],
  ['not a url', PUBLIC, 'not-a-url'],
  ['', PUBLIC, 'not-a-url'],
  ['https://localhost/', PUBLIC, 'local'],
  ['https://printer/', PUBLIC, 'local'],
  ['https://nas.local/', PUBLIC, 'local'],
  ['https://vault.internal/', PUBLIC, 'local'],
  ['https://127.0.0.1/', PUBLIC, 'local'],
  ['https://2130706433/', PUBLIC, 'local'],
  ['https://0x7f.1/', PUBLIC, 'local'],
  ['https://10.0.0.5/', PUBLIC, 'local'],
  ['https://172.20.1.1/', PUBLIC, 'local'],
  ['https://192.168.1.1/', PUBLIC, 'local'],
  ['https://169.254.169.254/', PUBLIC, 'local'],
  ['https://100.100.0.1/', PUBLIC, 'local'],
  ['https://[::1]/', PUBLIC, 'local'],
  ['https://[fd00::1]/', PUBLIC, 'local'],
  ['https://[fe80::1]/', PUBLIC, 'local'],
  ['https://[::ffff:10.0.0.1]/', PUBLIC, 'local'],
  ['https://localhost../', PUBLIC, 'local'],
  ['https://127.0.0.1../', PUBLIC, 'local'],
  ['https://[::127.0.0.1]/', PUBLIC, 'local'],
  ['https://[::ffff:0:7f00:1]/', PUBLIC, 'local'],
  ['https://[64:ff9b::7f00:1]/', PUBLIC, 'local'],
  ['https://[2002:7f00:1::]/', PUBLIC, 'local'],
  ['https://[fec0::1]/', PUBLIC, 'local'],
  ['https://172.32.0.1/', PUBLIC, 'ok'],
  ['https://[2001:db8::1]/', PUBLIC, 'ok'],
  ['http://localhost:8080/', LOCAL, 'ok'],
  ['ws://localhost:8080/ws', LOCAL, 'ok'],
  ['http://127.0.0.1:9000/', LOCAL, 'ok'],
  ['http://192.168.1.7:8080/', LOCAL, 'ok'],
  ['http://mediator.example.com/', LOCAL, 'scheme'],
  ['https://mediator.example.com/', LOCAL, 'ok'],
  ['http://own.example/', 'http://own.example', 'ok'],
  ['ws://own.example/ws', 'http://own.example', 'ok'],
];

describe('where the wallet may send to', () => {
  test.each(cases)('%s from %s is %s', (url, own, expected) => {
    const verdict = judgeEndpoint(url, own);
    expect(verdict.kind === 'ok' ? 'ok' : verdict.why).toBe(expected);
  });
});
