import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import type { Page } from './app.ts';
import type { Identity } from './identity.ts';
import { invitationLink, mediatorInvitation } from './invitation.ts';
import { webDocumentPath } from './web-did.ts';

const Package = v.object({ version: v.string() });
const { version: VERSION } = v.parse(
  Package,
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')),
);

const JSON_TYPE = 'application/json';
const TEXT_TYPE = 'text/plain; charset=utf-8';

/** What anybody may read of a mediator, by path below that of its public URL. */
export function pagesOf(url: string, identity: Identity): ReadonlyMap<string, Page> {
  const invitation = mediatorInvitation(identity.did);
  return new Map([
    ...webPages(url, identity),
    ['/invitation', { type: JSON_TYPE, text: JSON.stringify(invitation) }],
    ['/invitationOOB', { type: TEXT_TYPE, text: invitationLink(url, invitation) }],
    ['/did', { type: TEXT_TYPE, text: identity.did }],
    ['/version', { type: JSON_TYPE, text: JSON.stringify({ name: 'parley', version: VERSION }) }],
    ['/health', { type: JSON_TYPE, text: JSON.stringify({ status: 'ok' }) }],
  ]);
}

/** The document of the did:web. */
function webPages(url: string, { web }: Identity): readonly (readonly [string, Page])[] {
  if (!web) return [];
  const prefix = new URL(url).pathname.replace(/\/+$/, '');
  const path = webDocumentPath(web.did).slice(prefix.length);
  return [[path, { type: JSON_TYPE, text: JSON.stringify(web.document) }]];
}
