/** What is counted, by its name without the prefix `parley_`. No label ever holds a DID or an address. */
export const COUNTERS = {
  forwards_total: 'Forwards answered, by outcome: kept, unknown, full, too-big, malformed.',
  control_total: 'Messages of accounts, by type and by the code they were answered with.',
  refused_total: 'Requests refused before they were read as messages, by HTTP status.',
  rate_limited_total: 'Requests over a rate, by whose rate it was: address or account.',
  pushes_total: 'Messages pushed to a live socket of this process.',
  webpush_total: 'Web Push wake-ups, by outcome.',
  wakeups_total: 'Words to other nodes of the database, by outcome: sent or lost.',
  faults_total: 'Broken devices and bugs, by code.',
  expired_total: 'Messages whose time was over, those for strangers among them.',
} as const;

/** Distributions, with the upper bounds of their buckets. */
export const HISTOGRAMS = {
  unpack_microseconds: {
    help: 'Opening one envelope, the wait for a thread included.',
    bounds: [50, 100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 51_200],
  },
  commit_milliseconds: {
    help: 'One durable transaction, begin to commit.',
    bounds: [0.25, 0.5, 1, 2, 4, 8, 16, 32, 64, 128, 512, 2_048],
  },
  commit_size: {
    help: 'Writes in one durable transaction.',
    bounds: [1, 2, 4, 8, 16, 32, 64, 128, 256],
  },
} as const;

/** What is read at the moment somebody asks. */
export const GAUGES = {
  live_sockets: 'Open WebSockets.',
  queue_depth: 'Writes that wait for the next transaction.',
  accounts: 'Accounts.',
  recipients: 'Registered DIDs.',
  inbox_messages: 'Messages that wait in all inboxes.',
  inbox_bytes: 'Bytes that wait in all inboxes.',
  event_loop_lag_seconds: 'Lag of the event loop since it was last asked for, by quantile.',
  resident_memory_bytes: 'Memory of the process.',
  uptime_seconds: 'Age of the process.',
} as const;

export type CounterName = keyof typeof COUNTERS;
export type HistogramName = keyof typeof HISTOGRAMS;
export type GaugeName = keyof typeof GAUGES;
