// The tools need Node 24, which is pinned among the packages. Plain JavaScript, so that an old Node
// can say so.
import process from 'node:process';

if (Number(process.versions.node.split('.')[0]) < 24) {
  console.error(`This needs Node 24, but Node ${process.versions.node} runs it. The pinned one comes with:

  npm ci --ignore-scripts && npm rebuild node --ignore-scripts=false

and is used by every \`npm run\` from then on.`);
  process.exit(1);
}
