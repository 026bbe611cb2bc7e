/** Random GraphQL operations over a schema, for comparing what answers them. The same seed gives the same operations. */
import {
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { GraphQLArgument, GraphQLCompositeType, GraphQLField, GraphQLInputType, GraphQLObjectType, GraphQLSchema } from 'graphql';

export interface RandomOperation {
  source: string;
  variables: Record<string, unknown>;
}

/** @param ids what to give for arguments of type ID */
export function randomOperation(schema: GraphQLSchema, ids: readonly string[], random: () => number): RandomOperation {
  return new Writer(schema, ids, random).operation();
}

const DEEPEST = 5;

/** Writes one operation: it gathers the variables and fragments that the selections turn out to need. */
class Writer {
  readonly #schema: GraphQLSchema;
  readonly #ids: readonly string[];
  readonly #random: () => number;
  readonly #definitions: string[] = [];
  readonly #variables: Record<string, unknown> = {};
  readonly #fragments: { name: string; type: GraphQLCompositeType; text: string }[] = [];
  readonly #conditions: string[] = [];
  /** What each response name stands for, by type. */
  readonly #calls = new Map<string, string>();

  constructor(schema: GraphQLSchema, ids: readonly string[], random: () => number) {
    this.#schema = schema;
    this.#ids = ids;
    this.#random = random;
  }

  operation(): RandomOperation {
    const selections = this.#selections(this.#schema.getQueryType()!, 0);
    const definitions = this.#definitions.length ? `(${this.#definitions.join(', ')})` : '';
    const fragments = this.#fragments.map(({ name, type, text }) => `fragment ${name} on ${type.name} ${text}`);
    return { source: [`query Random${definitions} ${selections}`, ...fragments].join('\n'), variables: this.#variables };
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #chance(probability: number): boolean {
    return this.#random() < probability;
  }

  #pick<Item>(items: readonly Item[]): Item {
    return items[this.#below(items.length)]!;
  }

  #selections(type: GraphQLCompositeType, depth: number): string {
    const count = 1 + this.#below(depth === 0 ? 3 : 5);
    return `{ ${Array.from({ length: count }, () => this.#selection(type, depth)).join(' ')} }`;
  }

  #selection(type: GraphQLCompositeType, depth: number): string {
    const dice = this.#random();
    if (dice < 0.16 && depth < DEEPEST) return this.#inlineFragment(type, depth);
    if (dice < 0.28 && depth < DEEPEST) return this.#spread(type, depth);
    const fields = 'getFields' in type ? Object.values(type.getFields()) : [];
    const possible = depth < DEEPEST ? fields : fields.filter((field) => !isCompositeType(getNamedType(field.type)));
    if (dice < 0.34 || !possible.length) return `${this.#name(type, '__typename', '__typename')}${this.#directive()}`;
    return this.#field(type, this.#pick(possible), depth);
  }

  #field(type: GraphQLCompositeType, field: GraphQLField<unknown, unknown>, depth: number): string {
    const args = field.args.flatMap((arg) => this.#argument(arg)).join(', ');
    const named = this.#name(type, `${field.name}${args && `(${args})`}`, field.name);
    const fieldType = getNamedType(field.type);
    const inner = isCompositeType(fieldType) ? ` ${this.#selections(fieldType, depth + 1)}` : '';
    return `${named}${this.#directive()}${inner}`;
  }

  /** The field under its own name or an alias; seldom one that the same type has used for something else, which is not valid. */
  #name(type: GraphQLCompositeType, call: string, fieldName: string): string {
    const names = 'getFields' in type ? Object.keys(type.getFields()) : [];
    const wanted = this.#chance(0.3) ? this.#pick(['a', 'b', 'c', ...names]) : fieldName;
    const taken = this.#calls.get(`${type.name}.${wanted}`);
    const name = taken === undefined || taken === call || this.#chance(0.02) ? wanted : `x${this.#calls.size}`;
    this.#calls.set(`${type.name}.${name}`, call);
    return name === fieldName ? call : `${name}: ${call}`;
  }

  #inlineFragment(type: GraphQLCompositeType, depth: number): string {
    const condition = this.#chance(0.15) ? undefined : this.#overlapping(type);
    const on = condition ? ` on ${condition.name}` : '';
    return `...${on}${this.#directive()} ${this.#selections(condition ?? type, depth + 1)}`;
  }

  #spread(type: GraphQLCompositeType, depth: number): string {
    const condition = this.#overlapping(type);
    const known = this.#fragments.filter((fragment) => fragment.type === condition);
    if (known.length && this.#chance(0.5)) return `...${this.#pick(known).name}${this.#directive()}`;
    const text = this.#selections(condition, depth + 1); // first what is inside, so that no fragment holds itself
    const name = `F${this.#fragments.length}`;
    this.#fragments.push({ name, type: condition, text });
    return `...${name}${this.#directive()}`;
  }

  /** A type that an object of this type may be of as well. */
  #overlapping(type: GraphQLCompositeType): GraphQLCompositeType {
    const objects: readonly GraphQLObjectType[] = isAbstractType(type)
      ? this.#schema.getPossibleTypes(type)
      : isObjectType(type)
        ? [type]
        : [];
    const interfaces = objects.flatMap((object) => object.getInterfaces());
    const unions = Object.values(this.#schema.getTypeMap())
      .filter(isAbstractType)
      .filter((abstract) => !isInterfaceType(abstract));
    const around = unions.filter((union) => objects.some((object) => this.#schema.isSubType(union, object)));
    return this.#pick([type, ...objects, ...objects, ...interfaces, ...around]);
  }

  #directive(): string {
    if (!this.#chance(0.15)) return '';
    return ` @${this.#pick(['skip', 'include'])}(if: ${this.#chance(0.3) ? this.#pick(['true', 'false']) : this.#condition()})`;
  }

  #condition(): string {
    if (this.#conditions.length && (this.#conditions.length > 3 || this.#chance(0.5))) return this.#pick(this.#conditions);
    const type = this.#pick(['Boolean!', 'Boolean! = true', 'Boolean! = false', 'Boolean = true', 'Boolean = false']);
    const value = type.includes('=') && this.#chance(0.5) ? undefined : this.#chance(0.5);
    const name = this.#variable(type, value);
    this.#conditions.push(name);
    return name;
  }

  #argument(arg: GraphQLArgument): string[] {
    const required = isNonNullType(arg.type) && arg.defaultValue === undefined;
    if (!required && this.#chance(0.3)) return [];
    if (this.#chance(0.5)) return [`${arg.name}: ${JSON.stringify(this.#value(arg.type))}`];
    const fallback = this.#chance(0.4) ? ` = ${JSON.stringify(this.#value(arg.type))}` : '';
    const given = (fallback || !required) && this.#chance(0.5) ? undefined : this.#value(arg.type);
    const type = !fallback && !required && given === undefined ? getNullableType(arg.type) : arg.type;
    return [`${arg.name}: ${this.#variable(`${type}${fallback}`, given)}`];
  }

  #value(inputType: GraphQLInputType): unknown {
    const type = getNullableType(inputType);
    if (!isNonNullType(inputType) && this.#chance(0.1)) return null;
    if (isEnumType(type)) throw new Error('Arguments of enum types are not written yet.');
    switch (getNamedType(type).name) {
      case 'ID':
        return this.#pick(this.#ids);
      case 'Boolean':
        return this.#chance(0.5);
      case 'Int':
        return this.#below(4);
      default:
        throw new Error(`Arguments of type ${type} are not written yet.`);
    }
  }

  #variable(definition: string, value: unknown): string {
    const name = `v${this.#definitions.length}`;
    this.#definitions.push(`$${name}: ${definition}`);
    if (value !== undefined) this.#variables[name] = value;
    return `$${name}`;
  }
}
