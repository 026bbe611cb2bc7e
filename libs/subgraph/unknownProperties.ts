import { helper, type EventSubscriber } from '@mikro-orm/core';

/**
 * The ORM's `em.create` and `em.assign` drop a property that the entity lacks: somebody sends a value, is told that it is saved, and it
 * is nowhere. TypeScript refuses one that it can see; this refuses the others before anything is written.
 */
export const unknownProperties: EventSubscriber = {
  beforeFlush({ uow }) {
    for (const entity of new Set([...uow.getPersistStack(), ...uow.getIdentityMap().values()] as object[])) {
      const { __meta: meta, __loadedProperties: created } = helper(entity);
      const unknown = [...created, ...Object.keys(entity)].find((name) => !Object.hasOwn(meta.properties, name));
      if (unknown !== undefined) throw new Error(`${meta.className} has no property "${unknown}": what it was given would be lost.`);
    }
  },
};
