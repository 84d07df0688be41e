/** What the SDK keeps, in memory: the SDK brings no store of its own. */
export function memoryStore() {
  /** @type {Map<string, Record<string, unknown>[]>} */
  const tables = new Map();
  const rows = (table) => tables.get(table) ?? [];
  return {
    query: async (table, { selector } = {}) =>
      rows(table)
        .filter((row) => matches(row, selector))
        .map((row) => ({ ...row })),
    insert: async (table, row) => {
      tables.set(table, [...rows(table), { ...row }]);
    },
    update: async (table, row) => {
      tables.set(
        table,
        rows(table).map((old) => (old.uuid === row.uuid ? { ...row } : old)),
      );
    },
    delete: async (table, uuid) => {
      tables.set(
        table,
        rows(table).filter((row) => row.uuid !== uuid),
      );
    },
  };
}

/** As much of its query language as the SDK uses. */
function matches(row, selector = {}) {
  return Object.entries(selector).every(([key, wanted]) => {
    if (key === '$or') return wanted.some((one) => matches(row, one));
    if (key === '$and') return wanted.every((one) => matches(row, one));
    if (typeof wanted !== 'object' || wanted === null) return row[key] === wanted;
    return Object.entries(wanted).every(([operator, value]) => {
      if (operator === '$eq') return row[key] === value;
      if (operator === '$ne') return row[key] !== value;
      if (operator === '$in') return value.includes(row[key]);
      throw new Error(`a query of the SDK that this store does not know: ${operator}`);
    });
  });
}
