import * as v from 'valibot';
import { message } from '../../didcomm/message-type.ts';
import { Grant, UpdateResponse } from './shapes.ts';
import { mediationUri } from './uris.ts';

/*
 * coordinate-mediation 2.0 and 3.0 (didcomm.org/coordinate-mediation/2.0, /3.0). The two differ in names
 * and in the shape of the grant and the list; what peers mix up is read in both (rules I16, I17, I19).
 */

const v2 = <const N extends string>(name: N) => mediationUri('2.0', name);
const v3 = <const N extends string>(name: N) => mediationUri('3.0', name);

const Nothing = v.object({});

/** As many as an account may have registered; each costs its mediator a look into the store. */
const MAX_UPDATES = 1_000;
const Updates = v.object({
  updates: v.pipe(
    v.array(v.object({ recipient_did: v.string(), action: v.string() })),
    v.maxLength(MAX_UPDATES),
  ),
});

export type UpdateResult = 'success' | 'no_change' | 'client_error' | 'server_error';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const Query = v.object({
  paginate: v.nullish(
    v.object({
      limit: v.pipe(v.number(), v.integer(), v.minValue(1)),
      // It goes to the database as it is, which takes no more for a whole number.
      offset: v.pipe(count, v.safeInteger()),
    }),
  ),
});
const Pagination = v.object({ count, offset: count, remaining: count });
const Recipients = v.array(v.object({ recipient_did: v.string() }));

export const CoordinateMediation2 = {
  request: message(v2('mediate-request'), Nothing),
  grant: message(v2('mediate-grant'), Grant),
  deny: message(v2('mediate-deny'), Nothing),
  update: message(v2('keylist-update'), Updates),
  updated: message(v2('keylist-update-response'), UpdateResponse),
  query: message(v2('keylist-query'), Query),
  list: message(v2('keylist'), v.object({ keys: Recipients, pagination: v.optional(Pagination) })),
} as const;

export const CoordinateMediation3 = {
  request: message(v3('mediate-request'), Nothing),
  grant: message(v3('mediate-grant'), Grant),
  deny: message(v3('mediate-deny'), Nothing),
  update: message(v3('recipient-update'), Updates),
  updated: message(v3('recipient-update-response'), UpdateResponse),
  query: message(v3('recipient-query'), Query),
  list: message(
    v3('recipient'),
    v.object({ dids: Recipients, pagination: v.optional(Pagination) }),
  ),
} as const;
