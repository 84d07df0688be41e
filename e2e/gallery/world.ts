import { create } from 'zustand';
import type { MessageView } from '../../src/state/views.ts';
import type { Scene } from './scene.ts';
import { scene } from './scenes.ts';

/** The scene as it changes by what the person does. */
export const useWorld = create<Scene>()(() => scene);

export const change = (part: Partial<Scene>): void => useWorld.setState(part);

let sent = 0;

export function addMessage(contactId: string, text: string, mine: boolean): void {
  const { messages } = useWorld.getState();
  sent += 1;
  const added: MessageView = {
    id: `sent-${sent}`,
    mine,
    text,
    at: Date.now(),
    delivery: mine ? 'waiting' : undefined,
    failure: undefined,
  };
  change({ messages: { ...messages, [contactId]: [...(messages[contactId] ?? []), added] } });
}

export const later = (milliseconds = 60): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
