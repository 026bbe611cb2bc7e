import { fieldClasses, type FieldClass, type Role } from '@rollbook/school';
import { sdlOf, type SubgraphDefinition } from '@rollbook/subgraph';
import { Kind, parse, type ConstDirectiveNode, type ConstValueNode, type InputValueDefinitionNode, type TypeNode } from 'graphql';

export interface Argument {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly list: boolean;
}

/** A field as SDL declares it: what it gives, what it asks for, and who may have it. */
export interface Field {
  readonly name: string;
  readonly type: string;
  readonly list: boolean;
  /** May it be null by itself? If not, its object is null with it. */
  readonly nullable: boolean;
  readonly args: readonly Argument[];
  readonly fieldClass: FieldClass | 'OPEN';
  /** Of a root field: the roles that may ask for it. */
  readonly allowed: readonly Role[];
}

export interface Type {
  readonly name: string;
  readonly fields: readonly Field[];
  /** The fields of the key by which other services refer to it; null when this service cannot be asked for it by one. */
  readonly key: readonly string[] | null;
}

/** What one service, or the whole graph, offers. */
export interface Contract {
  readonly types: ReadonlyMap<string, Type>;
  readonly inputs: ReadonlyMap<string, readonly Argument[]>;
  readonly enums: ReadonlyMap<string, readonly string[]>;
}

/** Reads a service's contract from its SDL, so that a new type or field is in every test that is made of it. */
export function contractOf(service: SubgraphDefinition): Contract {
  const nodes = parse(sdlOf(service)).definitions;
  const objects = nodes.filter((node) => node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.OBJECT_TYPE_EXTENSION);
  const types = [...Map.groupBy(objects, ({ name }) => name.value)].map(([name, parts]) => {
    const directives = parts.flatMap((part) => part.directives ?? []);
    const fields = parts.flatMap((part) => part.fields ?? []);
    const ofType = valueOf(directives, 'access', 'class');
    return {
      name,
      key: keyOf(directives),
      fields: fields.map((field) => ({
        ...shapeOf(field.type),
        name: field.name.value,
        nullable: field.type.kind !== Kind.NON_NULL_TYPE,
        args: (field.arguments ?? []).map(argumentOf),
        fieldClass: classNamed(valueOf(field.directives, 'access', 'class') ?? ofType),
        allowed: listOf(valueOf(field.directives, 'allow', 'roles')) as Role[],
      })),
    };
  });
  const inputs = nodes.flatMap((node) =>
    node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION ? [[node.name.value, (node.fields ?? []).map(argumentOf)] as const] : [],
  );
  const enums = nodes.flatMap((node) =>
    node.kind === Kind.ENUM_TYPE_DEFINITION ? [[node.name.value, (node.values ?? []).map(({ name }) => name.value)] as const] : [],
  );
  return { types: new Map(types.map((type) => [type.name, type])), inputs: new Map(inputs), enums: new Map(enums) };
}

/** The one graph of several services. A field that two of them have (a key) is of the stricter class: OPEN only where all say so. */
export function composed(contracts: readonly Contract[]): Contract {
  const all = contracts.flatMap(({ types }) => [...types.values()]);
  const types = [...Map.groupBy(all, ({ name }) => name)].map(([name, parts]) => {
    const fields = [
      ...Map.groupBy(
        parts.flatMap((part) => part.fields),
        (field) => field.name,
      ).values(),
    ];
    const strict = fields.map((same) => same.find(({ fieldClass }) => fieldClass !== 'OPEN') ?? same[0]!);
    return [name, { name, key: parts.find(({ key }) => key)?.key ?? null, fields: strict }] as const;
  });
  const merged = <T>(part: (contract: Contract) => ReadonlyMap<string, T>) => new Map(contracts.flatMap((contract) => [...part(contract)]));
  return { types: new Map(types), inputs: merged(({ inputs }) => inputs), enums: merged(({ enums }) => enums) };
}

export const isRoot = (type: string) => type === 'Query' || type === 'Mutation';

function keyOf(directives: readonly ConstDirectiveNode[]): string[] | null {
  const node = directives.find(({ name }) => name.value === 'key');
  if (!node || argumentIn(node, 'resolvable')?.kind === Kind.BOOLEAN) return null;
  return (valueOf([node], 'key', 'fields') as string).split(' ');
}

/** Root fields have no class: @allow says who may ask. */
const classNamed = (name: unknown): Field['fieldClass'] => (fieldClasses.includes(name as FieldClass) ? (name as FieldClass) : 'OPEN');
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const argumentIn = (node: ConstDirectiveNode, argument: string) => node.arguments?.find(({ name }) => name.value === argument)?.value;

function valueOf(directives: readonly ConstDirectiveNode[] | undefined, directive: string, argument: string): unknown {
  const node = directives?.find(({ name }) => name.value === directive);
  return node && plain(argumentIn(node, argument));
}

function plain(node: ConstValueNode | undefined): unknown {
  if (node?.kind === Kind.LIST) return node.values.map(plain);
  return node?.kind === Kind.STRING ? node.value : undefined;
}

function argumentOf({ name, type, defaultValue }: InputValueDefinitionNode): Argument {
  return { name: name.value, ...shapeOf(type), required: type.kind === Kind.NON_NULL_TYPE && !defaultValue };
}

function shapeOf(type: TypeNode): { type: string; list: boolean } {
  if (type.kind === Kind.NON_NULL_TYPE) return shapeOf(type.type);
  return type.kind === Kind.LIST_TYPE ? { type: shapeOf(type.type).type, list: true } : { type: type.name.value, list: false };
}
