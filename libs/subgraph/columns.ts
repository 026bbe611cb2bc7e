import { p, type EntitySchema } from '@mikro-orm/core';

/** Who wrote a row, when and why; filled by the database. Every table with history has them. */
export const recorded = {
  recordedAt: p.datetime().defaultRaw('now()'),
  recordedBy: p.uuid().defaultRaw('viewer_subject()'),
  reason: p.text().nullable().defaultRaw(`current_setting('rollbook.reason', true)`),
};

// eslint-disable-next-line @typescript-eslint/no-explicit-any
const lists = new WeakMap<EntitySchema<any>, Map<string, string>>();
/** Whether `columnsOf` selects a property of this name. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export const isRead = (entity: EntitySchema<any>, name: string) =>
  Object.hasOwn(entity.meta.properties, name) && !Object.hasOwn(recorded, name);
const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/**
 * The columns of an entity as a select list in the names of its properties: `s.given_name as "givenName", ...`. One statement
 * reads what an entity is, and a new column is there everywhere at once. What `recorded` holds is the history's and hardly ever
 * shown, so it is not in the list: who shows it selects it, and a field of that name needs a resolver.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export function columnsOf(entity: EntitySchema<any>, alias: string): string {
  let byAlias = lists.get(entity);
  if (!byAlias) lists.set(entity, (byAlias = new Map()));
  let list = byAlias.get(alias);
  if (!list) {
    const names = Object.entries(entity.meta.properties as Record<string, { fieldName?: string }>).filter(([name]) => isRead(entity, name));
    list = names.map(([name, { fieldName }]) => `${alias}.${fieldName ?? snake(name)} as "${name}"`).join(', ');
    byAlias.set(alias, list);
  }
  return list;
}
