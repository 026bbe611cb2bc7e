import {
  access,
  fieldClasses,
  Refused,
  holds,
  rolesToward,
  roles,
  type FieldClass,
  type Role,
  type Subject,
  type Viewer,
} from '@rollbook/school';
import { isObjectType, type GraphQLFieldResolver, type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import type { Context } from './context.ts';
import type { SubgraphDefinition } from './definition.ts';

type SubjectOf = (row: unknown) => Subject;
type Directives = { directives?: readonly { name: { value: string }; arguments?: readonly { value: unknown }[] }[] };

/** With `enforce: false` the checks are off and row-level security stands alone; only the tests that prove it do that. */
export function guard(schema: GraphQLSchema, definition: SubgraphDefinition, enforce: boolean): void {
  const subjects = Object.assign({}, ...Object.values(definition.slices).map((slice) => slice.subjects ?? {})) as Record<string, SubjectOf>;
  const faults: string[] = [];
  for (const type of Object.values(schema.getTypeMap()))
    if (isObjectType(type) && !isFederations(type.name))
      faults.push(...(isRoot(schema, type) ? guardRoot(type, enforce) : guardType(type, subjects[type.name], enforce)));
  if (faults.length) throw new Error(`${definition.name}: ${faults.join('; ')}.`);
}

const isFederations = (name: string) => name.startsWith('__') || name === '_Service';
const isRoot = (schema: GraphQLSchema, type: GraphQLObjectType) => type === schema.getQueryType() || type === schema.getMutationType();

function argumentOf(node: unknown, directive: string): unknown {
  const found = (node as Directives | undefined)?.directives?.find((d) => d.name.value === directive);
  return found?.arguments?.[0]?.value;
}

/** Every query and mutation names the roles that may ask for it at all. */
function guardRoot(type: GraphQLObjectType, enforce: boolean): string[] {
  const faults: string[] = [];
  for (const field of Object.values(type.getFields())) {
    if (field.name === '_entities' || field.name === '_service') continue;
    const list = argumentOf(field.astNode, 'allow') as { values?: { value: string }[] } | undefined;
    const allowed = (list?.values ?? []).map((value) => value.value as Role);
    if (!allowed.length || allowed.some((role) => !roles.includes(role)))
      faults.push(`${type.name}.${field.name} needs @allow(roles: [...]) with roles of ${roles.join(', ')}`);
    const resolve = field.resolve!;
    if (enforce)
      field.resolve = (parent, args, context: Context, info) => {
        if (!holds(context.viewer, allowed))
          throw new Refused('FORBIDDEN', `${field.name} is for ${allowed.join(', ')}; you are signed in without any of these roles.`);
        return resolve(parent, args, context, info);
      };
  }
  return faults;
}

/** Every field has a class; it is read only by those whose relation to the row's subject allows that class. */
function guardType(type: GraphQLObjectType, subjectOf: SubjectOf | undefined, enforce: boolean): string[] {
  const faults: string[] = [];
  const mayRead = subjectOf ? readerOf(subjectOf) : undefined;
  const typeClass = classOf(type.astNode);
  for (const field of Object.values(type.getFields())) {
    const fieldClass = classOf(field.astNode) ?? typeClass;
    if (!fieldClass) faults.push(`${type.name}.${field.name} needs @access(class: ...) on it or its type`);
    else if (fieldClass !== 'OPEN' && !fieldClasses.includes(fieldClass))
      faults.push(`${type.name}.${field.name}: ${fieldClass} is no class of fields`);
    else if (fieldClass !== 'OPEN' && !mayRead) faults.push(`${type.name} needs an entry in its slice's "subjects"`);
    else if (fieldClass !== 'OPEN' && enforce) field.resolve = guarded(type.name, field.name, fieldClass, mayRead!, field.resolve);
  }
  if (enforce && subjectOf) hideStrangers(type, subjectOf);
  return faults;
}

function classOf(node: unknown): FieldClass | 'OPEN' | undefined {
  return (argumentOf(node, 'access') as { value: FieldClass } | undefined)?.value;
}

type MayRead = (viewer: Viewer, row: object, fieldClass: FieldClass) => boolean;

/** What somebody may read who stands so toward a record; there are few such relations, and many records. */
const readable = new Map<string, ReadonlySet<FieldClass>>();

function classesFor(related: readonly Role[]): ReadonlySet<FieldClass> {
  const key = related.join();
  let classes = readable.get(key);
  if (!classes) readable.set(key, (classes = new Set(fieldClasses.filter((c) => access[c].some((role) => related.includes(role))))));
  return classes;
}

/** One field of a row mostly follows another of the same: what the viewer may read of it is worked out once for both. */
function readerOf(subjectOf: SubjectOf): MayRead {
  let last: { readonly row: object; readonly viewer: Viewer; readonly classes: ReadonlySet<FieldClass> } | undefined;
  return (viewer, row, fieldClass) => {
    if (last?.row !== row || last.viewer !== viewer) last = { row, viewer, classes: classesFor(rolesToward(viewer, subjectOf(row))) };
    return last.classes.has(fieldClass);
  };
}

function guarded(
  type: string,
  field: string,
  fieldClass: FieldClass,
  mayRead: MayRead,
  resolve: GraphQLFieldResolver<unknown, Context> | undefined,
): GraphQLFieldResolver<unknown, Context> {
  return (parent, args, context, info) => {
    if (!mayRead(context.viewer, parent as object, fieldClass))
      throw new Refused('FORBIDDEN', `You may not read ${type}.${field} here: it needs the right to ${fieldClass} fields of this record.`);
    return resolve ? resolve(parent, args, context, info) : (parent as Record<string, unknown>)[field];
  };
}

interface ReferenceHolder {
  resolveReference?: (reference: unknown, context: Context, info: unknown) => unknown;
}

/** A record that the viewer has nothing to do with is as if it were not there: a reference to it is null. */
function hideStrangers(type: GraphQLObjectType, subjectOf: SubjectOf): void {
  const extensions = type.extensions as { apollo?: { subgraph?: ReferenceHolder } };
  const holder = extensions.apollo?.subgraph ?? (type as ReferenceHolder);
  const find = holder.resolveReference;
  if (!find) return;
  holder.resolveReference = async (reference, context, info) => {
    const row = await find(reference, context, info);
    return row && rolesToward(context.viewer, subjectOf(row)).length ? row : null;
  };
}
