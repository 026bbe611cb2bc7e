import { batch, type Context } from '@rollbook/subgraph';

interface Listed<Key, Row> {
  readonly key: Key;
  readonly rows: readonly Row[];
}

type BatchOfLists<Key, Row> = ReturnType<typeof batch<Key, Listed<Key, Row>>>;

/** Declares a batch of lists: `fetch` returns the rows of all keys in the order that each list shall have. */
export function batchOfLists<Key, Row>(
  fetch: (keys: readonly Key[], context: Context) => Promise<readonly Row[]>,
  keyOf: (row: Row) => Key,
  asText?: (key: Key) => string,
): BatchOfLists<Key, Row> {
  const text = asText ?? String;
  return batch<Key, Listed<Key, Row>>(
    async (keys, context) => {
      const byKey = Map.groupBy(await fetch(keys, context), (row) => text(keyOf(row)));
      return [...byKey.values()].map((rows) => ({ key: keyOf(rows[0]!), rows }));
    },
    (listed) => listed.key,
    text,
  );
}

/** One of the lists of a batch; empty when it has no rows (or none that the viewer may see). */
export async function loadList<Key, Row>({ load }: Context, lists: BatchOfLists<Key, Row>, key: Key): Promise<readonly Row[]> {
  return (await load(lists, key))?.rows ?? [];
}
