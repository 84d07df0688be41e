import { vectorChecks } from '../../src/testing/vector-checks/all.ts';
import { reportOn } from '../../src/testing/vector-checks/check.ts';

// A service worker that holds the engine alone, built in parts like the wallet's own.
interface Asked extends MessageEvent {
  waitUntil(work: Promise<unknown>): void;
}

const answer = async ({ ports }: Asked): Promise<void> => {
  ports[0]?.postMessage(await reportOn(vectorChecks));
};
self.addEventListener('message', (event) => (event as Asked).waitUntil(answer(event as Asked)));
