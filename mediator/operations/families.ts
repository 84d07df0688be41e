const each = (label: string, ...values: string[]) => values.map((value) => ({ [label]: value }));

/**
 * What is counted, by its name without the prefix `parley_`. No label ever holds a DID or an address.
 * `from0`: the labels that are told from the start, because an alert sees nothing in a series that begins at 1.
 */
export const COUNTERS = {
  forwards_total: {
    help: 'Forwards answered, by outcome: kept, unknown, full, too-big, malformed.',
    from0: each('outcome', 'kept', 'unknown', 'full', 'too-big', 'malformed'),
  },
  control_total: {
    help: 'Messages of accounts, by type and by the code they were answered with.',
    from0: [],
  },
  refused_total: {
    help: 'Requests refused before they were read as messages, by HTTP status.',
    from0: each('status', '400', '413', '429', '503', '507'),
  },
  rate_limited_total: {
    help: 'Requests over a rate, by whose rate it was: address or account.',
    from0: each('of', 'address', 'account'),
  },
  pushes_total: { help: 'Messages pushed to a live socket of this process.', from0: [{}] },
  webpush_total: {
    help: 'Web Push wake-ups, by outcome: sent, gone, refused, later.',
    from0: each('outcome', 'sent', 'gone', 'refused', 'later'),
  },
  wakeups_total: {
    help: 'Words to other nodes of the database, by outcome: sent or lost.',
    from0: each('outcome', 'sent', 'lost'),
  },
  faults_total: {
    help: 'Broken devices and bugs, by code.',
    from0: each('code', 'store/unavailable', 'ERR_SQLITE_ERROR'),
  },
  expired_total: {
    help: 'Messages whose time was over, those for strangers among them.',
    from0: [{}],
  },
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
