import type * as v from 'valibot';

/** The documentation URI under which our own protocols are named. */
export const DOC = 'https://w3id.org/parley';

/** The parts of a message type URI (messaging spec, "Message Type URI"). */
export interface MessageTypeParts {
  readonly docUri: string;
  readonly protocol: string;
  readonly major: number;
  readonly minor: number;
  readonly name: string;
}

const MTURI = /^(.*?)([a-z0-9._-]+)\/(\d+)(?:\.(\d+))?[^/]*\/([a-z0-9._-]+)$/i;

export function parseMessageType(uri: string): MessageTypeParts | undefined {
  if (uri.length > 512) return undefined;
  const [, docUri, protocol, major, minor, name] = MTURI.exec(uri) ?? [];
  if (docUri === undefined || protocol === undefined || major === undefined || name === undefined)
    return undefined;
  return { docUri, protocol, major: Number(major), minor: Number(minor ?? 0), name };
}

/**
 * What two type URIs have in common when one handler serves both: names compare ignoring case and
 * punctuation, and minor versions of one major version interoperate ("Semver Rules").
 */
export function routeKey(uri: string): string | undefined {
  const parts = parseMessageType(uri);
  if (!parts) return undefined;
  const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');
  return `${parts.docUri}${plain(parts.protocol)}/${parts.major}/${plain(parts.name)}`;
}

/** The protocol identifier URI of a message type: what discover-features names. */
export function protocolOf(messageType: string): string {
  return messageType.slice(0, messageType.lastIndexOf('/'));
}

/** One message of a protocol: its type URI, written once, and the schema of its body. */
export interface MessageType<
  T extends string = string,
  S extends v.GenericSchema = v.GenericSchema,
> {
  readonly type: T;
  readonly body: S;
}

export const message = <const T extends string, S extends v.GenericSchema>(
  type: T,
  body: S,
): MessageType<T, S> => ({ type, body });

export type BodyOf<M> = M extends MessageType<string, infer S> ? v.InferOutput<S> : never;
