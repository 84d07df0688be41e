import * as v from 'valibot';
import { routeKey, type BodyOf, type MessageType } from './message-type.ts';
import type { Attachment, Message } from './plaintext.ts';

/** A message whose body its protocol's schema has checked. */
export interface Received<M extends MessageType> extends Omit<Message, 'type' | 'body'> {
  readonly type: string;
  readonly body: BodyOf<M>;
}

/**
 * What a handler wants said. The dispatcher alone sets `id`, addresses, thread, times and seals
 * (style.md section 8). `same` answers in the thread of the message received, `child` opens a new thread
 * under it (`pthid`).
 */
export interface Draft {
  readonly type: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly thread: 'same' | 'child' | 'new';
  readonly attachments?: readonly Attachment[];
  /** Further headers, such as `ack`. */
  readonly headers?: Readonly<Record<string, unknown>>;
}

export interface Route<F, P> {
  readonly message: MessageType;
  readonly handle: (message: Message, facts: F, ports: P) => Promise<HandleOutcome>;
}

type HandleOutcome =
  | { readonly kind: 'handled'; readonly drafts: readonly Draft[] }
  | { readonly kind: 'malformed'; readonly detail: string };

export type Dispatched =
  | HandleOutcome
  /** No route: protocol, version or message unknown here. */
  | { readonly kind: 'unsupported' };

type Awaitable<T> = T | Promise<T>;

/**
 * Ties a message type to its handler.
 * @param handler gets the parsed message, what the envelope proved (`facts`) and the ports of its role
 */
export function on<M extends MessageType, F, P>(
  type: M,
  handler: (message: Received<M>, facts: F, ports: P) => Awaitable<readonly Draft[] | undefined>,
): Route<F, P> {
  return {
    message: type,
    handle: async (received, facts, ports) => {
      const parsed = v.safeParse(type.body, received.body);
      if (!parsed.success) return { kind: 'malformed', detail: describe(parsed.issues[0]) };
      const body = parsed.output as BodyOf<M>;
      const drafts = await handler({ ...received, body }, facts, ports);
      return { kind: 'handled', drafts: drafts ?? [] };
    },
  };
}

/** A route whose schema and handler are fetched when the first message of its type comes. */
export const later = <F, P>(type: string, load: () => Promise<Route<F, P>>): Route<F, P> => ({
  message: { type, body: v.unknown() },
  handle: async (received, facts, ports) => (await load()).handle(received, facts, ports),
});

export interface Router<F, P> {
  /** Type URIs served, for discover-features. */
  readonly types: readonly string[];
  dispatch(message: Message, facts: F, ports: P): Promise<Dispatched>;
}

/** @throws Error when two routes claim one message type: a bug of the program. */
export function router<F, P>(routes: readonly Route<F, P>[]): Router<F, P> {
  const table = new Map<string, Route<F, P>>();
  for (const route of routes) {
    const key = routeKey(route.message.type);
    if (key === undefined || table.has(key))
      throw new Error(`two routes or a bad type: ${route.message.type}`);
    table.set(key, route);
  }
  return {
    types: routes.map((route) => route.message.type),
    dispatch: async (received, facts, ports) => {
      const route = table.get(routeKey(received.type) ?? '');
      return route ? route.handle(received, facts, ports) : { kind: 'unsupported' };
    },
  };
}

function describe(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue);
  return path === null ? issue.message : `${path}: ${issue.message}`;
}
