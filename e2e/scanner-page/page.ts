import { loadScanner } from '../../src/ui/scanner/scanner.ts';

// The scanner alone on a page, with its outcomes as text.
const scanner = await loadScanner();
const on = (id: string) => document.getElementById(id)!;
const show = (id: 'outcome' | 'text', text: string) => (on(id).textContent = text);

on('start').addEventListener('click', () => {
  show('text', '');
  const askedAt = performance.now();
  void scanner
    .start(
      on('camera'),
      (text) => {
        show('text', text);
        on('text').dataset['ms'] = String(Math.round(performance.now() - askedAt));
      },
      ({ kind }) => show('outcome', `lost: ${kind}`),
    )
    .then(({ kind }) => show('outcome', kind));
});
on('stop').addEventListener('click', () => {
  void scanner.stop().then(() => show('outcome', 'idle'));
});
on('picture').addEventListener('change', (event) => {
  const [file] = (event.target as HTMLInputElement).files ?? [];
  if (!file) return;
  void scanner.scanPicture(file).then((outcome) => {
    show('outcome', outcome.kind);
    show('text', outcome.kind === 'text' ? outcome.text : '');
  });
});

show('outcome', 'ready');
