import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openTypesetters, type Typesetters } from '@rollbook/typesetting';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ids, idOf, openGrading, people, type Grading } from '../testing.ts';
import { codeOf, type Snapshot } from './documents.ts';
import { noClasses, pdfOf, workOnOrder } from './issuing.ts';
import { templates } from './work.ts';

let service: Grading;
let typesetters: Typesetters;
beforeAll(async () => {
  service = await openGrading();
  typesetters = openTypesetters(templates, 1);
  await service.hear('student', 'EnrollmentsChanged', { schoolId: ids.school, enrollments: seniors.map((name) => enrolled(name)) });
  for (const name of seniors.slice(0, -1)) await earn(idOf(name), name === 'Ana' ? 'A' : 'B');
});
afterAll(async () => {
  await typesetters.close();
  await service.close();
});

const seniors = ['Ana', 'Ben', 'Cho', 'Dee', 'nobody knows', 'without records'];
const enrolled = (name: string) => ({
  ...{ id: idOf(`enrollment ${name}`), studentId: idOf(name), gradeLevel: '12', primary: true, begins: '2026-08-17', ends: null },
});
const earn = (studentId: string, mark: string, more: object = {}) =>
  service.data(people.counselor, `mutation ($input: RecordTransferCreditInput!) { recordTransferCredit(input: $input) { id } }`, {
    input: {
      ...{ schoolId: ids.school, studentId, fromSchool: 'Lincoln High', schoolYear: 2026, session: 'Spring 2026', endedOn: '2026-06-05' },
      ...{
        courseNumber: 'ENG',
        courseTitle: 'English #1 *bold* $x$',
        subjectCodes: ['B', 'AP'],
        mark,
        credits: '5',
        reason: 'paper',
        ...more,
      },
    },
  });

const shown = `id status wanted done issuedTo faults { nodes { code message student { id } } }
  documents { nodes { number code official issuedTo student { id } snapshot pdf } }`;
const issue = `mutation ($input: IssueTranscriptsInput!) { issueTranscripts(input: $input) { id status wanted } }`;
const orderOf = async (id: string) =>
  (await service.data(people.counselor, `query ($id: ID!) { transcriptOrder(id: $id) { ${shown} } }`, { id })).transcriptOrder;
const order = async (more: object = {}) =>
  (await service.data(people.counselor, issue, { input: { schoolId: ids.school, gradeLevel: '12', official: true, ...more } }))
    .issueTranscripts;

/** Answers what was asked of the student service, as it would. */
async function tellFamilies(name = (id: string) => seniors.find((each) => idOf(each) === id) ?? 'Somebody') {
  const asked = await service.sql<{ id: string; student_ids: string[] }>(
    'select id, student_ids from document_request where families is null',
  );
  for (const { id, student_ids: students } of asked)
    await service.hear('student', 'FamiliesTold', {
      requestId: id,
      staff: [],
      students: students
        .filter((student) => name(student) !== 'nobody knows')
        .map((student) => ({
          id: student,
          givenName: name(student),
          middleName: null,
          familyName: 'Őrsi 김',
          localId: '7',
          birthDate: '2008-02-29',
        })),
    });
}
const work = async () => {
  const classes = noClasses();
  while (await service.database.bulk((tx) => workOnOrder(tx, typesetters, classes, service.clock.now)));
};
/** Until it is done: the service itself works on it as well. */
async function complete(more: object = {}) {
  const { id } = await order(more);
  for (;;) {
    await work();
    await tellFamilies();
    const found = await orderOf(id);
    if (found.status === 'DONE') return found;
    await new Promise((next) => setTimeout(next, 20));
  }
}
const verify = async (number: string, code: string, viewer = people.vendor) =>
  (
    await service.data(
      viewer,
      `query ($number: String!, $code: String!) { verifyTranscript(number: $number, code: $code) { genuine issuedTo official } }`,
      {
        number,
        code,
      },
    )
  ).verifyTranscript;

describe('an order', () => {
  test('makes a transcript of everybody it can, and lists the others with the reason', async () => {
    const { id, wanted, status } = await order({ issuedTo: 'University of California' });
    expect([wanted, status]).toEqual([6, 'WAITING']);
    await work();
    expect(await orderOf(id)).toMatchObject({ done: 0 });
    let done = await orderOf(id);
    while (done.status !== 'DONE') {
      await tellFamilies();
      await work();
      done = await orderOf(id);
    }
    expect(done).toMatchObject({ status: 'DONE', wanted: 6, done: 6 });
    expect(done.faults.nodes.map(({ code }: { code: string }) => code).sort()).toEqual(['NO_RECORDS', 'STUDENT_UNKNOWN']);
    const snapshots = done.documents.nodes.map(({ snapshot }: { snapshot: string }) => JSON.parse(snapshot) as Snapshot);
    expect(
      snapshots.map(({ student, totals, rank }: Snapshot) => [student.name, totals.weightedGpa, rank!.place, rank!.of]).sort(),
    ).toEqual([
      ...[
        ['Ana Őrsi 김', '5.0000', 1, 5],
        ['Ben Őrsi 김', '4.0000', 2, 5],
        ['Cho Őrsi 김', '4.0000', 2, 5],
        ['Dee Őrsi 김', '4.0000', 2, 5],
      ],
    ]);
    expect(await service.sql('select from document_request')).toEqual([]);
  });

  test('that is interrupted goes on where it was: everybody has one document', async () => {
    const { id } = await order();
    const classes = noClasses();
    let steps = 0;
    for (; (await orderOf(id)).status !== 'DONE'; steps++) {
      await tellFamilies();
      // Every step is interrupted once before it is done.
      await service.database
        .bulk(async (tx) => {
          await workOnOrder(tx, typesetters, classes, service.clock.now);
          throw new Error('killed');
        })
        .catch((error: Error) => expect(error.message).toBe('killed'));
      await service.database.bulk((tx) => workOnOrder(tx, typesetters, classes, service.clock.now));
    }
    expect(steps).toBeGreaterThan(1);
    const { documents, status } = await orderOf(id);
    expect(status).toBe('DONE');
    expect(new Set(documents.nodes.map(({ student }: { student: { id: string } }) => student.id)).size).toBe(4);
    expect(documents.nodes).toHaveLength(4);
  });

  test('is worked on by one process at a time', async () => {
    const { id } = await order();
    await work();
    await tellFamilies();
    for (let isDone = false; !isDone; isDone = (await orderOf(id)).status === 'DONE') await Promise.all([work(), work(), work()]);
    expect((await orderOf(id)).documents.nodes).toHaveLength(4);
  });

  test('of a student with more classes at once than there can be is refused, unless the office says why it is right', async () => {
    for (let n = 0; n < 14; n++)
      await service.sql(
        `insert into transcript_record (student_id, school_id, school_name, school_year, session, ended_on, summer, course_title, subjects, subject_codes,
           part, parts, repeatable, mark, credits_attempted, credits_earned, points, weighted_points, weighted, pending, source)
         values ($1, $2, 'a school', 2026, 'Fall 2025', '2025-12-19', false, $3, '{}', '{}', 1, 1, false, 'A', 5, 5, 4, 4, false, false, 'POSTED')`,
        [ids.dee, ids.school, `Course ${n}`],
      );
    const refused = await complete({ gradeLevel: undefined, studentIds: [ids.dee] });
    expect(refused.faults.nodes).toMatchObject([{ code: 'TOO_MANY_CLASSES', message: '14 classes in Fall 2025; 9 are possible at once.' }]);
    expect(refused.documents.nodes).toEqual([]);
    const issued = await complete({ gradeLevel: undefined, studentIds: [ids.dee], despiteTooMany: 'a year of independent study' });
    expect(issued.documents.nodes).toHaveLength(1);
  });

  test.each([
    [{ gradeLevel: undefined }, 'WHO_INVALID'],
    [{ studentIds: [ids.ana] }, 'WHO_INVALID'],
    [{ gradeLevel: undefined, studentIds: [] }, 'WHO_INVALID'],
    [{ gradeLevel: undefined, studentIds: [ids.ana, ids.ana] }, 'WHO_INVALID'],
    [{ gradeLevel: undefined, studentIds: [idOf('stranger')] }, 'NOT_FOUND'],
    [{ gradeLevel: undefined, studentIds: ['Ana'] }, 'NOT_FOUND'],
    [{ gradeLevel: '08' }, 'NOBODY'],
    [{ schoolId: ids.otherSchool }, 'NOT_FOUND'],
    [{ schoolId: undefined }, 'FORBIDDEN'],
  ])('%j is refused, and nothing is ordered', async (odd, code) => {
    const before = await service.sql('select count(*) from transcript_order');
    expect(await service.code(people.counselor, issue, { input: { schoolId: ids.school, gradeLevel: '12', official: true, ...odd } })).toBe(
      code,
    );
    expect(await service.sql('select count(*) from transcript_order')).toEqual(before);
  });
});

describe('an issued transcript', () => {
  test('is verified by its number and code, as anybody types them, and by nothing else', async () => {
    const { documents } = await complete({ gradeLevel: undefined, studentIds: [ids.ana], issuedTo: 'State University' });
    const [{ number, code }] = documents.nodes;
    expect(await verify(number, code)).toEqual({ genuine: true, issuedTo: 'State University', official: true });
    expect(await verify(` ${number} `, code.replaceAll('-', ' ').toLowerCase())).toMatchObject({ genuine: true });
    const other = code.startsWith('0') ? `1${code.slice(1)}` : `0${code.slice(1)}`;
    for (const [n, c] of [
      [number, other],
      [number, ''],
      ['2026-9999999', code],
    ])
      expect(await verify(n, c)).toEqual({ genuine: false, issuedTo: null, official: null });
  });

  test('stays as it was when marks change afterwards; the next one says what stands by then', async () => {
    const before = await complete({ gradeLevel: undefined, studentIds: [ids.ben] });
    const [document] = before.documents.nodes;
    await earn(ids.ben, 'F', { courseTitle: 'Chemistry', courseNumber: 'CHEM', session: 'Summer 2026', endedOn: '2026-07-20' });
    const after = await complete({ gradeLevel: undefined, studentIds: [ids.ben] });
    expect((await orderOf(before.id)).documents.nodes).toEqual([document]);
    expect((JSON.parse(document.snapshot) as Snapshot).totals).toMatchObject({ gpa: '3.0000' });
    expect((JSON.parse(after.documents.nodes[0].snapshot) as Snapshot).totals).toMatchObject({ gpa: '1.5000' });
    await expect(service.sql(`update transcript_document set snapshot = '{}'`)).rejects.toThrow('never changed');
    await expect(service.sql('delete from transcript_document')).rejects.toThrow('never changed');
  });

  test('that was changed behind the back of the service is not genuine any more', async () => {
    const { documents } = await complete({ gradeLevel: undefined, studentIds: [ids.cho] });
    const [{ number, code }] = documents.nodes;
    await service.sql('alter table transcript_document disable trigger transcript_document_frozen').catch(() => undefined);
    const forged = await service
      .sql(`update transcript_document set snapshot = replace(snapshot, '"B"', '"A"') where number = $1`, [number])
      .then(
        () => true,
        () => false,
      );
    // The serving role cannot even do that; where an owner did, the code tells.
    expect(forged).toBe(false);
    const { snapshot } = documents.nodes[0];
    expect(codeOf(snapshot)).toBe(code.replaceAll('-', ''));
    expect(codeOf(snapshot.replace('"B"', '"A"'))).not.toBe(code.replaceAll('-', ''));
  });

  test('is the same bytes for the same snapshot, tagged, with what was typed as it was typed', async () => {
    const { documents } = await complete({ gradeLevel: undefined, studentIds: [ids.ana] });
    const [{ snapshot, pdf }] = documents.nodes;
    const again = await pdfOf(JSON.parse(snapshot) as Snapshot, typesetters);
    expect(Buffer.from(again).equals(Buffer.from(pdf, 'base64'))).toBe(true);
    expect(Buffer.from(again).subarray(0, 5).toString()).toBe('%PDF-');
    expect(Buffer.from(again).includes('/StructTreeRoot')).toBe(true);
  });

  const hasPoppler = spawnSync('pdftotext', ['-v']).error === undefined;
  (hasPoppler ? test : test.skip)(
    'shows student, courses, credits and how to verify it (needs pdftotext and pdfinfo of poppler-utils)',
    async () => {
      const { documents } = await complete({ gradeLevel: undefined, studentIds: [ids.ana], issuedTo: 'State University' });
      const [{ number, code, pdf }] = documents.nodes;
      const file = join(mkdtempSync(join(tmpdir(), 'transcript-')), 'a.pdf');
      writeFileSync(file, Buffer.from(pdf, 'base64'));
      const text = spawnSync('pdftotext', ['-layout', file, '-']).stdout.toString();
      for (const part of [
        'Official transcript',
        'Ana Őrsi 김',
        'English #1 *bold* $x$',
        'weighted, transfer',
        number,
        code,
        'State University',
        '1 of 5',
      ])
        expect(text).toContain(part);
      const structure = spawnSync('pdfinfo', ['-struct', file]).stdout.toString();
      for (const tag of ['Table', 'TR', 'TH', 'TD', 'H1', 'H2']) expect(structure).toContain(tag);
    },
  );

  test('a family reads an unofficial one of their own child, and no official one', async () => {
    const one = `query ($number: String!) { transcriptDocument(number: $number) { number pdf } }`;
    const official = (await complete({ gradeLevel: undefined, studentIds: [ids.ana] })).documents.nodes[0];
    const unofficial = (await complete({ gradeLevel: undefined, studentIds: [ids.ana], official: false })).documents.nodes[0];
    const read = async (number: string, viewer: (typeof people)['parent']) =>
      (await service.ask(viewer, one, { number })).data?.['transcriptDocument'] ?? null;
    expect(await read(unofficial.number, people.parent)).toMatchObject({ number: unofficial.number });
    expect(await read(official.number, people.parent)).toBeNull();
    expect(await read(unofficial.number, people.otherParent)).toBeNull();
    expect(await read(official.number, people.otherPrincipal)).toBeNull();
    const list = `query ($studentId: ID!) { transcriptDocuments(studentId: $studentId) { nodes { number official } } }`;
    const { nodes } = (await service.data(people.ana, list, { studentId: ids.ana })).transcriptDocuments;
    expect(nodes).toEqual([{ number: unofficial.number, official: false }]);
    expect((await service.data(people.counselor, list, { studentId: ids.ana })).transcriptDocuments.nodes.length).toBeGreaterThan(2);
  });
});
