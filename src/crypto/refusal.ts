/**
 * Turns the answers of Web Crypto that data from outside can cause into undefined: OperationError (a tag,
 * padding or wrapped key that does not fit) and DataError (bytes that are no key). Anything else is a bug.
 */
export async function orUndefined<T>(operation: Promise<T>): Promise<T | undefined> {
  try {
    return await operation;
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (name === 'OperationError' || name === 'DataError') return undefined;
    throw error;
  }
}
