import * as v from 'valibot';
import { isJsonObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { Attachment, AttachmentData } from './plaintext.ts';

/** What is sound of the items of a delivery: one bad item must not keep the rest from being read (rule I48). */
export const soundItems = (items: readonly JsonValue[]): unknown[] =>
  items.map((item) => {
    if (v.is(Attachment, item)) return item;
    const { id, data }: Partial<JsonObject> = isJsonObject(item) ? item : {};
    return {
      ...(typeof id === 'string' ? { id } : {}),
      data: v.is(AttachmentData, data) ? data : {},
    };
  });
