import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fieldClasses, mayRead, roles, type FieldClass, type Role, type Viewer } from '@rollbook/school';
import {
  administrator,
  ana,
  clerk,
  clerkOfLincoln,
  garfield,
  lincoln,
  parentOfAna,
  parentOfBen,
  principal,
  vendor,
} from './example/people.ts';
import { runSketch, sketch } from './example/sketch.ts';
import { library } from './example/subgraph.ts';
import { openTestSubgraph, type TestSubgraph } from './testing.ts';

const everybody = `@allow(roles: [${roles.map((role) => `"${role}"`).join(', ')}])`;

describe('classes of fields', () => {
  const aboutAna = { schoolIds: [garfield], studentId: ana };
  /** A card with one field of each class, about Ana at Garfield. */
  const card = sketch(
    `extend type Query { card: Card! ${everybody} forClerks: Int! @allow(roles: ["CLERK"]) }
     "About one student."
     type Card @key(fields: "id") @access(class: "OPEN") { id: ID! ${fieldClasses.map((c) => `${c.toLowerCase()}: String @access(class: "${c}")`).join(' ')} }`,
    {
      subjects: { Card: () => aboutAna },
      resolvers: { Query: { card: makeCard, forClerks: () => 1 }, Card: { __resolveReference: makeCard } },
    },
  );
  function makeCard() {
    return { id: '1', ...Object.fromEntries(fieldClasses.map((c) => [c.toLowerCase(), c])) };
  }
  const run = runSketch(card);
  const query = `{ card { id ${fieldClasses.map((c) => c.toLowerCase()).join(' ')} } }`;
  const holder = (role: Role): Viewer => ({
    subject: administrator.subject,
    grants: [{ role, schoolId: ['PARENT', 'STUDENT', 'VENDOR', 'DISTRICT_ADMINISTRATOR'].includes(role) ? null : garfield }],
    students: [ana],
  });

  for (const role of roles)
    test(`${role} reads its classes; each other field is FORBIDDEN by itself, and its neighbours are answered`, async () => {
      const answer = await run({ query }, holder(role));
      const may = (c: FieldClass) => mayRead(holder(role), c, aboutAna);
      expect(answer.data!['card']).toEqual({
        id: '1',
        ...Object.fromEntries(fieldClasses.map((c) => [c.toLowerCase(), may(c) ? c : null])),
      });
      const refused = fieldClasses.filter((c) => !may(c));
      expect((answer.errors ?? []).map(({ path, extensions }) => [path, extensions['code']])).toEqual(
        refused.map((c) => [['card', c.toLowerCase()], 'FORBIDDEN']),
      );
    });

  test('somebody without any role reads nothing but the open field, and is let in by no root field', async () => {
    const nobody: Viewer = { subject: vendor.subject, grants: [], students: [ana] };
    expect((await run({ query }, nobody)).errors).toMatchObject([{ path: ['card'], extensions: { code: 'FORBIDDEN' } }]);
  });

  test('a root field is for its roles only', async () => {
    expect((await run({ query: '{ forClerks }' }, clerk)).data).toEqual({ forClerks: 1 });
    const refused = await run({ query: '{ forClerks }' }, administrator);
    expect(refused.errors).toMatchObject([{ path: ['forClerks'], extensions: { code: 'FORBIDDEN' } }]);
    expect(refused.errors![0]!.message).toBe('forClerks is for CLERK; you are signed in without any of these roles.');
  });

  test('a reference of somebody who has nothing to do with the record is null, as if it were not there', async () => {
    const entities = '{ _entities(representations: [{ __typename: "Card", id: "1" }]) { ... on Card { id roster } } }';
    const [own, stranger] = [await run({ query: entities }, parentOfAna), await run({ query: entities }, parentOfBen)];
    expect(own.data).toEqual({ _entities: [{ id: '1', roster: 'ROSTER' }] });
    expect(stranger).toEqual({ data: { _entities: [null] } });
    expect(await run({ query: entities }, clerkOfLincoln)).toEqual({ data: { _entities: [null] } });
  });

  test('a reference to what is no type, or no entity, is an error', async () => {
    for (const name of ['Query', 'Nothing', '__proto__', 'constructor', 'PageInfo']) {
      const answer = await run(
        { query: 'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }', variables: { r: [{ __typename: name }] } },
        clerk,
      );
      expect(answer.errors?.length).toBeGreaterThan(0);
    }
  });

  test('what is read of a row for one viewer is not kept for the next', async () => {
    const row = makeCard();
    const shared = runSketch({
      ...card,
      slices: {
        drawing: {
          ...card.slices['drawing']!,
          resolvers: { Query: { card: () => row, forClerks: () => 1 }, Card: { __resolveReference: () => row } },
        },
      },
    });
    expect((await shared({ query: '{ card { health } }' }, principal)).errors).toBeUndefined();
    expect((await shared({ query: '{ card { health } }' }, clerk)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect((await shared({ query: '{ card { health } }' }, principal)).errors).toBeUndefined();
  });
});

describe('through the whole service', () => {
  let service: TestSubgraph;
  /** Row-level security alone: the resolvers' own checks are off. */
  let bare: TestSubgraph;
  const ids = { loan: '', book: '' };
  beforeAll(async () => {
    service = await openTestSubgraph(library);
    bare = await openTestSubgraph(library, { enforceAccess: false });
    for (const each of [service, bare]) {
      const [book] = await each.sql<{ id: string }>(
        `insert into book (id, school_id, title, shelf) values (coalesce($2, uuidv7()), $1, 'Atlas', 'ATLAS') returning id`,
        [garfield, ids.book || null],
      );
      const [loan] = await each.sql<{ id: string }>(
        `insert into loan (id, school_id, book_id, student_id, begins, needs) values (coalesce($4, uuidv7()), $1, $2, $3, '2026-09-01', 'large print') returning id`,
        [garfield, book!.id, ana, ids.loan || null],
      );
      Object.assign(ids, { loan: loan!.id, book: book!.id });
    }
  });
  afterAll(() => Promise.all([service.close(), bare.close()]));

  const loan = 'query ($id: ID!) { loan(id: $id) { id needs student { id } } }';

  test('the clerk lends without knowing why; the parent of the child reads it; others find no such loan', async () => {
    const clerks = await service.ask(clerk, loan, { id: ids.loan });
    expect(clerks.data).toEqual({ loan: { id: ids.loan, needs: null, student: { id: ana } } });
    expect(clerks.errors).toMatchObject([{ path: ['loan', 'needs'], extensions: { code: 'FORBIDDEN' } }]);
    expect((await service.data(parentOfAna, loan, { id: ids.loan })).loan.needs).toBe('large print');
    for (const other of [parentOfBen, clerkOfLincoln])
      expect(await service.ask(other, loan, { id: ids.loan })).toEqual({ data: { loan: null } });
  });

  test('with the resolvers’ checks off, row-level security alone still hides what is another’s', async () => {
    expect((await bare.data(clerk, loan, { id: ids.loan })).loan.needs).toBe('large print'); // the check was off
    for (const other of [parentOfBen, clerkOfLincoln, vendor])
      expect(await bare.ask(other, loan, { id: ids.loan })).toEqual({ data: { loan: null } });
    expect((await bare.entities(parentOfBen, [{ __typename: 'Loan', id: ids.loan }], '... on Loan { id }')).data).toEqual({
      _entities: [null],
    });
    const lend = 'mutation ($b: ID!, $s: ID!) { lendBook(bookId: $b, studentId: $s, begins: "2027-01-01") { id } }';
    for (const other of [parentOfAna, clerkOfLincoln]) {
      const before = await bare.sql('select count(*) from loan');
      const answer = await bare.ask(other, lend, { b: ids.book, s: ana });
      expect(answer.errors).toHaveLength(1);
      expect(await bare.sql('select count(*) from loan')).toEqual(before);
    }
    await bare.data(clerkOfLincoln, `mutation { addBook(input: { schoolId: "${lincoln}", title: "Their own" }) { id } }`);
  });
});
