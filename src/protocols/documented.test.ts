import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { accountRouter, forwardRouter } from '../../mediator/protocols.ts';
import { contactTypes } from '../services/other-messages.ts';
import { DOC, parseMessageType } from '../didcomm/message-type.ts';

// docs/protocols.md says what the code does: every message of `messages.ts` files and routers, and no other.

const page = readFileSync(new URL('../../docs/protocols.md', import.meta.url), 'utf8');

interface Row {
  readonly wallet: string;
  readonly mediator: string;
}

/** Type URI to what its row says: a section names the protocol's URI, its table the messages. */
function documented(): Map<string, Row> {
  const rows = new Map<string, Row>();
  for (const section of page.split(/^### /m).slice(1)) {
    const [, protocol] = /^`(https:\/\/\S+)`$/m.exec(section) ?? [];
    if (protocol === undefined) throw new Error(`a section without a URI: ${section.slice(0, 40)}`);
    for (const line of section.split('\n')) {
      const [, name, wallet, mediator] = /^\| `([a-z-]+)`\s*\|([^|]*)\|([^|]*)\|/.exec(line) ?? [];
      if (name === undefined || wallet === undefined || mediator === undefined) continue;
      rows.set(`${protocol}/${name}`, { wallet: wallet.trim(), mediator: mediator.trim() });
    }
  }
  return rows;
}

/** Every message type that a module of src/protocols exports, also within tables of versions. */
function defined(): Set<string> {
  const types = new Set<string>();
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('type' in value && 'body' in value && typeof value.type === 'string') {
      if (parseMessageType(value.type)) types.add(value.type);
    } else if (Object.getPrototypeOf(value) === Object.prototype)
      Object.values(value).forEach(walk);
  };
  const modules = import.meta.glob<object>(['./*/*.ts', '!./**/*.test.ts'], { eager: true });
  for (const module of Object.values(modules)) Object.values(module).forEach(walk);
  return types;
}

const rows = documented();
const served = {
  wallet: contactTypes,
  mediator: [...accountRouter.types, ...forwardRouter.types],
};

describe('docs/protocols.md', () => {
  test('lists the messages that the code knows, and no other', () => {
    const known = [...defined(), ...served.wallet, ...served.mediator];
    expect([...rows.keys()].sort()).toEqual([...new Set(known)].sort());
    expect(rows.size).toBeGreaterThan(40);
  });

  test.each(['wallet', 'mediator'] as const)('says what the %s receives', (who) => {
    const receives = [...rows].filter(([, row]) => row[who].includes('receives'));
    expect(receives.map(([type]) => type).sort()).toEqual([...served[who]].sort());
  });

  test('puts protocols of our own under one address', () => {
    const own = [...rows.keys()].filter(
      (type) => !/^https:\/\/(didcomm\.org|atalaprism\.io)\//.test(type),
    );
    expect(own.length).toBeGreaterThan(0);
    for (const type of own) expect(type.startsWith(`${DOC}/`)).toBe(true);
    expect(page).toContain(`\`${DOC}\``);
  });
});
