import type { ChatRowView } from '../../state/views.ts';

/** Contacts whose name somebody else has too: told apart by more than the name. @returns their ids */
export function twinsIn(rows: readonly ChatRowView[] | undefined): ReadonlySet<string> {
  const firstByName = new Map<string, string>();
  const twins = new Set<string>();
  for (const { contact } of rows ?? []) {
    const name = plain(contact.name);
    const first = firstByName.get(name);
    if (first === undefined) firstByName.set(name, contact.id);
    else twins.add(first).add(contact.id);
  }
  return twins;
}

/** Names that look the same at a glance. */
const plain = (name: string): string => name.normalize('NFKC').toLocaleLowerCase('en');
