import { on } from '../../didcomm/router.ts';
import { Disclose, Queries, type Disclosure } from './messages.ts';

/** More questions than this in one message are not looked at. */
const MAX_QUERIES = 50;

export interface FeaturePorts {
  /** What this program is willing to tell anybody. */
  readonly features: readonly Disclosure[];
}

export const answerQueries = on<typeof Queries, unknown, FeaturePorts>(
  Queries,
  ({ body }, _facts, { features }) => {
    const queries = body.queries.slice(0, MAX_QUERIES);
    const disclosures = features.filter((feature) =>
      queries.some(
        (query) =>
          query['feature-type'] === feature['feature-type'] && matches(query.match, feature.id),
      ),
    );
    return [{ type: Disclose.type, body: { disclosures }, thread: 'same' }];
  },
);

/** "The match field may use the * wildcard", alone or at the end. */
const matches = (pattern: string, id: string): boolean =>
  pattern.endsWith('*') ? id.startsWith(pattern.slice(0, -1)) : pattern === id;
