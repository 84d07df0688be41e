import * as v from 'valibot';
import { message } from '../../didcomm/message-type.ts';

const base = 'https://didcomm.org/discover-features/2.0';

/** discover-features 2.0 (messaging spec, "Discover Features Protocol 2.0"). */
export const Queries = message(
  `${base}/queries`,
  v.object({
    queries: v.array(v.object({ 'feature-type': v.string(), match: v.string() })),
  }),
);

const Disclosure = v.object({
  'feature-type': v.string(),
  id: v.string(),
  roles: v.nullish(v.array(v.string())),
});
export type Disclosure = v.InferOutput<typeof Disclosure>;

/** What is no disclosure among them is left out: one odd entry must not hide the others (rule I48). */
const Disclosures = v.pipe(
  v.array(v.unknown()),
  v.transform((entries) => entries.filter((entry) => v.is(Disclosure, entry))),
);

export const Disclose = message(
  `${base}/disclose`,
  v.object({ disclosures: v.optional(Disclosures, []) }),
);
