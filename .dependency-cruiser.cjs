// The rooms of Parley and what each may import. `npm run check` runs this.
// tsConfig is left out on purpose: dependency-cruiser 17 resolves `extends` wrongly for configs in tsconfig/.

/** room -> rooms it may import (besides itself) */
const rooms = {
  ui: ['state', 'lib'],
  state: ['services', 'storage/queries', 'lib'],
  services: ['storage', 'transport', 'protocols', 'didcomm', 'did', 'crypto', 'lib'],
  storage: ['crypto', 'did', 'lib'],
  transport: ['didcomm', 'lib'],
  protocols: ['didcomm', 'did', 'crypto', 'lib'],
  didcomm: ['did', 'crypto', 'lib'],
  did: ['crypto', 'lib'],
  crypto: ['lib'],
  curves: ['lib'],
  pwa: ['lib'],
  lib: [],
};

/** npm package -> the only places that may import it */
const owners = {
  '^(react|react-dom|wouter)(/|$)': '^src/(ui|state|main\\.tsx)',
  '^zustand(/|$)': '^src/state/',
  '^dexie(/|$)': '^src/(storage|state)/',
  '^dexie-react-hooks(/|$)': '^src/state/',
  '^(lucide-react|qrcode\\.react)(/|$)': '^src/ui/',
  '^(html5-qrcode|zxing-wasm/reader)(/|$)': '^src/ui/scanner/',
  '^zxing-wasm/writer': '^mediator/lan/',
  '^@noble/': '^src/(crypto|curves)/',
  '^node:sqlite': '^mediator/store/',
  '^pg$': '^mediator/store/',
  '^ws$': '^mediator/|^e2e/|^bench/',
};

const TEST = '\\.test\\.tsx?$|^src/testing/|^e2e/|^bench/';

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'nothing-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^virtual:|\\?url$|^node:sqlite$' },
    },
    ...Object.entries(rooms).map(([room, allowed]) => ({
      name: `${room}-direction`,
      severity: 'error',
      from: { path: `^src/${room}/`, pathNot: TEST },
      to: {
        path: '^(src|mediator)/',
        pathNot: `^src/(${[room, ...allowed].join('|')})(/|\\.)`,
      },
    })),
    {
      name: 'mediator-direction',
      severity: 'error',
      from: { path: '^mediator/', pathNot: TEST },
      to: { path: '^src/', pathNot: '^src/(protocols|didcomm|did|crypto|lib)/' },
    },
    {
      name: 'mediator-no-wallet-roles',
      severity: 'error',
      from: { path: '^mediator/', pathNot: TEST },
      to: { path: '^src/protocols/[^/]+/(recipient|wallet)\\.ts$' },
    },
    {
      name: 'wallet-no-mediator-roles',
      severity: 'error',
      from: { path: '^src/(services|state|ui)/', pathNot: TEST },
      to: { path: '^src/protocols/[^/]+/mediator\\.ts$' },
    },
    {
      name: 'page-never-reaches-the-network',
      severity: 'error',
      from: { path: '^src/main\\.tsx$' },
      to: { path: '^src/transport/', reachable: true },
    },
    {
      name: 'test-rooms-stay-out-of-programs',
      severity: 'error',
      from: { path: '^(src|mediator)/', pathNot: TEST },
      to: { path: '^(src/testing|e2e|bench)/' },
    },
    ...Object.entries(owners).map(([pkg, owner]) => ({
      name: `only-importer-of-${pkg.replace(/[^a-z0-9-]/g, '')}`,
      severity: 'error',
      from: { path: '^(src|mediator)/', pathNot: `${owner}|${TEST}` },
      to: { path: `${pkg}|node_modules/(${pkg.replace(/^\^/, '')})` },
    })),
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
    },
  },
};
