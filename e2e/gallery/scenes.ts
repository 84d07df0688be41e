import { base, type Scene } from './scene.ts';
import { chatScenes } from './scenes/chats.ts';
import { codeScenes } from './scenes/codes.ts';
import { noticeScenes } from './scenes/notices.ts';
import { settingsScenes } from './scenes/settings.ts';
import { startScenes } from './scenes/start.ts';

// Every screen in every state, as data. A scene is chosen by `?scene=name`; the address says which screen.

export const scenes = {
  ...startScenes,
  ...chatScenes,
  ...codeScenes,
  ...settingsScenes,
  ...noticeScenes,
} satisfies Record<string, Scene>;

export type SceneName = keyof typeof scenes;

export const isScene = (name: string): name is SceneName => Object.hasOwn(scenes, name);

/** The scene of this page; in Node, where only the list matters, the first one. */
export const scene: Scene = current();

function current(): Scene {
  if (typeof location === 'undefined') return base;
  const name = new URLSearchParams(location.search).get('scene') ?? 'chats';
  if (!isScene(name)) throw new Error(`no scene ${name}`);
  return scenes[name];
}
