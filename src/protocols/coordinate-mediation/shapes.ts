import * as v from 'valibot';

// Bodies that both versions and both roles read; what peers mix up is read in either (rules I16, I17).

export const Grant = v.object({
  routing_did: v.pipe(
    v.union([v.string(), v.array(v.string())]),
    v.transform((dids) => (typeof dids === 'string' ? [dids] : dids)),
  ),
});

const Updated = v.object({ recipient_did: v.string(), action: v.string(), result: v.string() });

/** Veramo 7.0.1 says `updates` for `updated`. */
export const UpdateResponse = v.pipe(
  v.object({ updated: v.optional(v.array(Updated)), updates: v.optional(v.array(Updated)) }),
  v.transform(({ updated, updates }) => ({ updated: updated ?? updates ?? [] })),
);
