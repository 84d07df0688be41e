/** A live connection to a mediator: one envelope per frame (messaging spec, "WebSockets"). */
export interface LiveSocket {
  send(packed: string): void;
  close(): void;
  readonly open: boolean;
}

export interface LiveSocketEvents {
  onOpen(): void;
  onEnvelope(packed: string): void;
  onClose(): void;
}

export type ConnectLive = (url: string, events: LiveSocketEvents) => LiveSocket;

/** Mediators send text or binary frames (rule I11); both are read, text is sent. */
export const connectWebSocket: ConnectLive = (url, events) => {
  const socket = new WebSocket(url);
  socket.binaryType = 'arraybuffer';
  socket.addEventListener('open', () => events.onOpen());
  socket.addEventListener('close', () => events.onClose());
  socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (typeof data === 'string') events.onEnvelope(data);
    else if (data instanceof ArrayBuffer) events.onEnvelope(new TextDecoder().decode(data));
  });
  return {
    send: (packed) => socket.send(packed),
    close: () => socket.close(),
    get open() {
      return socket.readyState === WebSocket.OPEN;
    },
  };
};
