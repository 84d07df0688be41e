import * as v from 'valibot';

// What page and service worker say to each other; parsed on receipt like any other edge.

/** Grows when a message changes its meaning. A page of another version is told to update. */
export const BUS_VERSION = 1;

export const PageToWorker = v.object({
  type: v.picklist([
    /** A page is up and visible: fetch mail, hold the live socket. Repeated while it stays so. */
    'visible',
    'hidden',
    /** Something was written that has to leave. */
    'enqueued',
    'online',
  ]),
  bus: v.literal(BUS_VERSION),
});
export type PageToWorker = v.InferOutput<typeof PageToWorker>;

export const WorkerToPage = v.object({
  type: v.picklist([
    /** A notification was tapped. */
    'open-chats',
    /** The page is of another version than the worker. */
    'version-mismatch',
  ]),
  /** Of `open-chats`: the row id of the contact that wrote. */
  chat: v.optional(v.string()),
});
export type WorkerToPage = v.InferOutput<typeof WorkerToPage>;

export const toWorker = (type: PageToWorker['type']): PageToWorker => ({ type, bus: BUS_VERSION });

export type FromPage =
  | { readonly kind: 'ok'; readonly message: PageToWorker }
  | { readonly kind: 'other-version' | 'not-ours' };

export function readFromPage(data: unknown): FromPage {
  const parsed = v.safeParse(PageToWorker, data);
  if (parsed.success) return { kind: 'ok', message: parsed.output };
  return v.is(v.object({ bus: v.number() }), data)
    ? { kind: 'other-version' }
    : { kind: 'not-ours' };
}
