/** Plain data as it travels between subgraphs and clients: reading it by path, merging it, copying it. */

export type JsonObject = Record<string, unknown>;
/** Where a value is in a response: field names (aliases as the client chose them) and list indexes. */
export type JsonPath = readonly (string | number)[];
/** A path of a query plan: `@` stands for every element of a list. */
export type PlanPath = readonly (string | number)[];

export const isJsonObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Merges `source` into `target`, in place and deeply: objects key by key, lists of equal length element by element
 * (inner lists included), anything else is replaced. Parts of `source` become parts of `target` without being copied.
 */
export function mergeInto(target: JsonObject, source: JsonObject): JsonObject {
  for (const key in source) {
    const value = source[key];
    // JSON.parse makes "__proto__" an ordinary key; assigning it would replace the prototype.
    if (value !== undefined && key !== '__proto__') target[key] = merged(target[key], value);
  }
  return target;
}

function merged(target: unknown, source: unknown): unknown {
  if (isJsonObject(target) && isJsonObject(source)) return mergeInto(target, source);
  if (!Array.isArray(target) || !Array.isArray(source) || target.length !== source.length) return source;
  for (let i = 0; i < source.length; i++) target[i] = merged(target[i], source[i]);
  return target;
}

/** A deep copy that is what JSON would have made of the value, without the text in between. */
export function copyJson(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const copy = new Array<unknown>(value.length);
    for (let i = 0; i < value.length; i++) copy[i] = copyJson(value[i]);
    return copy;
  }
  if ('toJSON' in value && typeof value.toJSON === 'function') return copyJson(value.toJSON()); // a Date, for one
  const copy: JsonObject = {};
  for (const key in value) if (key !== '__proto__') copy[key] = copyJson((value as JsonObject)[key]);
  return copy;
}

/** The objects at a path of a query plan, in order; nulls and what was not fetched are left out. */
export function objectsAt(value: unknown, path: PlanPath, from = 0, found: JsonObject[] = []): JsonObject[] {
  let current = value;
  for (let i = from; i < path.length && current != null; i++) {
    const step = path[i]!;
    if (step === '@') {
      if (typeof current === 'string') return found; // the __typename of an object of another type, under the list's alias
      if (!Array.isArray(current)) throw new Error(`Expected a list at "${path.slice(0, i).join('.')}".`);
      for (const element of current) objectsAt(element, path, i + 1, found);
      return found;
    }
    current = (current as JsonObject)[step];
  }
  if (isJsonObject(current)) found.push(current);
  return found;
}

/** Where the objects of {@link objectsAt} are, in the same order. Only errors need it, so it may be slower. */
export function pathsAt(value: unknown, path: PlanPath, at: JsonPath = []): JsonPath[] {
  const [step, ...rest] = path;
  if (step === undefined) return isJsonObject(value) ? [at] : [];
  if (step !== '@') return value == null ? [] : pathsAt((value as JsonObject)[step], rest, [...at, step]);
  return Array.isArray(value) ? value.flatMap((element, index) => pathsAt(element, rest, [...at, index])) : [];
}

/** The part of a plan path that names one place in every response: all of it before the first list. */
export function singlePlace(path: PlanPath): JsonPath {
  const list = path.indexOf('@');
  return list < 0 ? path : path.slice(0, list);
}

export const startsWith = (path: JsonPath, prefix: JsonPath): boolean => prefix.every((step, i) => path[i] === step);
