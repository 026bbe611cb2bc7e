import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openTypesetter } from '@rollbook/typesetting';
import { createHash } from 'node:crypto';
import { idOf, ids, people } from '../testing.ts';
import { pace } from './batches.ts';
import { templatesFolder } from './cards.ts';
import { addSections, batchNow, openPrinting, post, print, printing, untilStill, type Printing } from './cards.testing.ts';
import type { Snapshot } from './rules.ts';

let service: Printing;
beforeAll(async () => {
  Object.assign(pace, { threads: 1, lookMs: 50, factsWaitMs: 400 });
  service = await openPrinting();
  service.families[ids.ana] = { givenName: 'Անի', familyName: 'Գրիգորյան', language: 'hy' };
  service.families[ids.ben] = { givenName: '서연', familyName: '김', language: 'ko-KR' };
  service.families[ids.cho] = { givenName: 'آناهیتا', familyName: 'رضایی', language: 'fa' };
});
afterAll(() => service.close());

const cards = (studentId: string, kind = 'REPORT_CARD') =>
  service.sql<{ id: string; version: number; snapshot: string; pdf: Buffer; published_at: string; sha256: Buffer; language: string }>(
    `select id, version, snapshot::text, pdf, published_at, sha256, language from report_card where student_id = $1 and kind = $2 order by version`,
    [studentId, kind],
  );
const snapshotOf = async (studentId: string) => JSON.parse((await cards(studentId)).at(-1)!.snapshot) as Snapshot;
const code = { E01: 'Հաճելի է ունենալ Ձեր երեխային դասարանում' };

describe('a batch of a school', () => {
  test('prints for everybody in a class, from what is posted; what is not posted is said to be missing', async () => {
    await addSections(service, ['Art', 'Biology Lab'], [ids.ana, ids.ben]);
    expect(
      await post(service, {
        [ids.ana]: { value: 'A-', effort: 'E', comment: '*Bold* idea, #see \\me <b>', commentCodes: ['E01'] },
        [ids.ben]: { value: 'B' },
      }),
    ).toEqual(['SAVED', 'SAVED', 'SAVED', 'SAVED']);
    const batch = await print(service);
    expect(batch).toMatchObject({ status: 'DONE', total: 3, done: 3, printed: 3, faulty: 0, pages: 3, secondsLeft: 0, waitingFor: [] });
    expect(batch.remarks.nodes).toEqual([]);
    const ana = await snapshotOf(ids.ana);
    expect(ana).toMatchObject({ language: 'hy', student: 'Անի Գրիգորյան', title: 'Գնահատականների թերթիկ' });
    expect(ana.sections.map(({ title, mark, teacher }) => [title, mark, teacher])).toEqual([
      ['Algebra 1', 'A-', 'Dora Alvarez'],
      ['Art', null, 'Dora Alvarez'],
      ['Biology Lab', null, 'Dora Alvarez'],
    ]);
    expect(ana.missing).toMatch(/2.*3/);
    expect(ana.sections[0]!.comments).toEqual([
      { text: code.E01, direction: 'ltr', note: null },
      { text: '*Bold* idea, #see \\me <b>', direction: 'ltr', note: 'ինչպես գրել է ուսուցիչը, առանց թարգմանության' },
    ]);
    expect(await snapshotOf(ids.ben)).toMatchObject({ language: 'ko', student: '김서연', direction: 'ltr' });
    expect(await snapshotOf(ids.cho)).toMatchObject({ language: 'fa', student: 'آناهیتا رضایی', direction: 'rtl' });
  });

  test('again prints nothing, and after one mark changed only that student’s card, as a next version beside the first', async () => {
    expect(await print(service)).toMatchObject({ status: 'DONE', printed: 0, unchanged: 3 });
    await post(service, { [ids.ben]: { value: 'C+' } });
    expect(await print(service)).toMatchObject({ status: 'DONE', printed: 1, unchanged: 2 });
    expect((await cards(ids.ben)).map(({ version }) => version)).toEqual([1, 2]);
    expect((await cards(ids.ana)).map(({ version }) => version)).toEqual([1]);
  });

  test('another day prints nothing either: the day alone is no change', async () => {
    const before = service.clock.now;
    service.clock.now = new Date('2026-10-06T17:00:00Z');
    expect(await print(service)).toMatchObject({ printed: 0, unchanged: 3 });
    service.clock.now = before;
  });

  test('a snapshot is what its hash is of, and sets the very bytes that were published', async () => {
    const { pdf } = openTypesetter(templatesFolder);
    for (const student of [ids.ana, ids.ben, ids.cho])
      for (const card of await cards(student)) {
        const data = JSON.parse(card.snapshot) as Snapshot;
        expect(createHash('sha256').update(card.snapshot).digest()).toEqual(card.sha256);
        expect(Buffer.compare(pdf({ template: data.template, data, madeAt: new Date(card.published_at) }), card.pdf)).toBe(0);
      }
  });

  test('a student whom nobody knows, who is in no class or whose name cannot be printed is listed with the reason; the others are printed', async () => {
    const [dan, eve, fay] = [idOf('Dan'), idOf('Eve'), idOf('Fay')];
    await addSections(service, ['Choir'], [dan, fay]);
    await service.hear('student', 'EnrollmentsChanged', {
      schoolId: ids.school,
      enrollments: [{ id: idOf('enrollment of Eve'), studentId: eve, gradeLevel: '10', primary: true, begins: '2026-08-17', ends: null }],
    });
    service.families[dan] = null;
    service.families[fay] = { givenName: 'ไพลิน' };
    const batch = await print(service);
    expect(batch).toMatchObject({ status: 'DONE', total: 6, faulty: 3, unchanged: 3, printed: 0 });
    const remarks = Object.fromEntries(batch.remarks.nodes.map((remark: any) => [remark.student.id, remark])); // eslint-disable-line @typescript-eslint/no-explicit-any
    expect(remarks[dan]).toMatchObject({ isPrinted: false, codes: ['STUDENT_UNKNOWN'] });
    expect(remarks[eve]).toMatchObject({ isPrinted: false, codes: ['NO_CLASSES'] });
    expect(remarks[fay]).toMatchObject({ isPrinted: false, codes: ['UNPRINTABLE'] });
    expect(remarks[fay].message).toContain('ไ');
    Object.assign(service.families, { [dan]: {}, [fay]: {} });
    expect(await print(service)).toMatchObject({ printed: 2, faulty: 1 });
  });

  test('without a guardian or a language the card is in English, and the office is told', async () => {
    const dan = idOf('Dan');
    service.families[dan] = { givenName: 'Dan', contacts: [], language: null };
    const batch = await print(service);
    const remark = batch.remarks.nodes.find(({ student }: { student: { id: string } }) => student.id === dan);
    expect(remark).toMatchObject({ isPrinted: true, codes: ['NO_GUARDIAN', 'NO_LANGUAGE'] });
    expect(await snapshotOf(dan)).toMatchObject({
      language: 'en',
      address: ['To the family of Dan Rivera', '1200 N Verdugo Rd', 'Glendale, CA 91206'],
    });
    service.families[dan] = { givenName: 'Dan', language: 'th' };
    expect((await print(service)).remarks.nodes).toContainEqual(
      expect.objectContaining({ isPrinted: true, codes: ['LANGUAGE_NOT_OFFERED'] }),
    );
  });

  test('a comment of a quarter of a megabyte is no card of a hundred pages, and harms no other', async () => {
    await service.sql(`update mark set comment = repeat('endless ', 32768) where student_id = $1 and section_id = $2`, [
      ids.ben,
      ids.algebra,
    ]);
    const batch = await print(service);
    expect(batch.remarks.nodes).toContainEqual(expect.objectContaining({ student: { id: ids.ben }, codes: ['TOO_LONG'] }));
    expect(batch).toMatchObject({ status: 'DONE', faulty: 2 });
    await service.sql(`update mark set comment = null where student_id = $1`, [ids.ben]);
  });
});

describe('the families', () => {
  const list = async (viewer: (typeof people)[keyof typeof people], studentId: string) => {
    const { data, errors } = await service.entities(
      viewer,
      [{ __typename: 'Student', id: studentId }],
      `... on Student { reportCards(first: 10) { nodes { id version language sha256 pages pdfBase64 } } }`,
    );
    if (errors) return errors[0]!.extensions['code'];
    return (data!['_entities'] as ({ reportCards: { nodes: any[] } } | null)[])[0]?.reportCards.nodes ?? []; // eslint-disable-line @typescript-eslint/no-explicit-any
  };
  const one = `query ($id: ID!) { reportCard(id: $id) { version pdfBase64 } }`;

  test('see the published cards of their children, with the PDF, and nobody else’s', async () => {
    const [card] = (await list(people.parent, ids.ana)) as { id: string; pdfBase64: string }[];
    expect(Buffer.from(card!.pdfBase64, 'base64').subarray(0, 5).toString()).toBe('%PDF-');
    expect((await service.data(people.parent, one, { id: card!.id })).reportCard.pdfBase64).toBe(card!.pdfBase64);
    expect(await list(people.otherParent, ids.ana)).toEqual([]);
    expect((await service.ask(people.otherParent, one, { id: card!.id })).data?.['reportCard'] ?? null).toBeNull();
    expect((await service.ask(people.stranger, one, { id: card!.id })).data?.['reportCard'] ?? null).toBeNull();
    expect((await service.data(people.teacher, one, { id: card!.id })).reportCard.version).toBe(1);
    expect((await service.ask(people.otherPrincipal, one, { id: card!.id })).data?.['reportCard'] ?? null).toBeNull();
    expect((await service.data(people.principal, one, { id: card!.id })).reportCard.version).toBe(1);
  });

  test('reading a published card is one read by its key', async () => {
    const [card] = await cards(ids.ana);
    let reads = 0;
    const { reads: pool } = service.database;
    const connect = pool.connect.bind(pool);
    const counted = Object.assign(pool, {
      connect: async () => {
        const client = await connect();
        const query = client.query.bind(client) as (...args: unknown[]) => unknown;
        Object.assign(client, {
          query: (...args: unknown[]) => {
            if (
              JSON.stringify(args[0] ?? '').includes('report_card') ||
              String((args[0] as { text?: string })?.text).includes('report_card')
            )
              reads++;
            return query(...args);
          },
        });
        return client;
      },
    });
    try {
      await service.data(people.parent, one, { id: card!.id });
    } finally {
      Object.assign(counted, { connect });
    }
    expect(reads).toBe(1);
  });

  test('are kept apart by the database itself', async () => {
    const seen = (viewer: (typeof people)[keyof typeof people]) =>
      service.database.transaction(viewer, null, ({ query }) => query<{ id: string }>('select distinct student_id as id from report_card'));
    expect(await seen(people.parent)).toEqual([{ id: ids.ana }]);
    expect(await seen(people.otherParent)).toEqual([{ id: ids.ben }]);
    expect(await seen(people.otherPrincipal)).toEqual([]);
    expect(await seen(people.vendor)).toEqual([]);
    expect((await seen(people.principal)).length).toBeGreaterThan(2);
    for (const table of ['document_request', 'report_batch', 'report_batch_student'])
      expect(await service.database.transaction(people.parent, null, ({ query }) => query(`select 1 from ${table}`))).toEqual([]);
    await expect(service.sql(`update report_card set version = 9`)).rejects.toThrow('append-only');
  });
});

describe('a batch', () => {
  test('waits for attendance, says so, pauses rather than print zeros, and goes on by itself when attendance is back', async () => {
    service.down.add('attendance');
    await post(service, { [ids.cho]: { value: 'D' } });
    const paused = await print(service);
    expect(paused).toMatchObject({ status: 'PAUSED', waitingFor: ['attendance'], done: 0, endedAt: null });
    service.down.clear();
    let now = paused;
    while (now.status !== 'DONE') now = await batchNow(service, paused.id);
    expect(now).toMatchObject({ printed: 1, waitingFor: [] });
    expect((await snapshotOf(ids.cho)).attendance).toMatchObject({
      days: [
        ['روزهای مدرسه', 44],
        ['روزهای غیبت', 2],
        ['روزهای تأخیر', 1],
      ],
    });
  });

  test('prints without attendance when the office says so, and the card says that it was not available', async () => {
    service.down.add('attendance');
    const paused = await print(service);
    await service.data(people.principal, `mutation ($input: ResumeReportBatchInput!) { resumeReportBatch(input: $input) { status } }`, {
      input: { batchId: paused.id, withoutAttendance: true },
    });
    let now = paused;
    while (now.status !== 'DONE') now = await batchNow(service, paused.id);
    expect(now.printed).toBe(5);
    const snapshot = await snapshotOf(ids.ana);
    expect(snapshot.attendance).toMatchObject({
      days: null,
      notAvailable: 'Այս փաստաթուղթը տպելիս հաճախելիության տվյալները հասանելի չէին։',
    });
    service.down.clear();
    expect(await print(service)).toMatchObject({ printed: 5 });
  });

  test('of a school that is being printed is refused, also for the district; after it was cancelled it is not', async () => {
    service.down.add('student');
    const input = { schoolId: ids.school, gradingPeriodId: ids.fall };
    const { printReportCards: first } = await service.data(people.principal, printing, { input });
    expect(await service.code(people.counselor, printing, { input })).toBe('RUNNING_ALREADY');
    expect(await service.code(people.administrator, printing, { input: { ...input, schoolId: null } })).toBe('RUNNING_ALREADY');
    const other = await service.data(people.otherPrincipal, printing, { input: { ...input, schoolId: ids.otherSchool } });
    const cancel = `mutation ($input: CancelReportBatchInput!) { cancelReportBatch(input: $input) { id } }`;
    for (const { id } of [first, other.printReportCards]) {
      await service.data(people.administrator, cancel, { input: { batchId: id } });
      expect(await untilStill(service, id)).toMatchObject({ status: 'CANCELLED', printed: 0 });
      expect(await service.code(people.administrator, cancel, { input: { batchId: id } })).toBe('BATCH_OVER');
    }
    service.down.clear();
    expect(await print(service)).toMatchObject({ status: 'DONE' });
  });

  test('keeps nothing of what it was told about families once it is over', async () => {
    expect(await service.sql('select 1 from document_request')).toEqual([]);
  });

  test('of the district prints for every school; a principal starts none', async () => {
    expect(await service.code(people.principal, printing, { input: { gradingPeriodId: ids.fall } })).toBe('FORBIDDEN');
    expect(await service.code(people.principal, printing, { input: { schoolId: ids.otherSchool, gradingPeriodId: ids.fall } })).toBe(
      'NOT_FOUND',
    );
    expect(await service.code(people.principal, printing, { input: { schoolId: ids.school, gradingPeriodId: idOf('no period') } })).toBe(
      'GRADING_PERIOD_UNKNOWN',
    );
    expect(await service.code(people.teacher, printing, { input: { schoolId: ids.school, gradingPeriodId: ids.fall } })).toBe('FORBIDDEN');
    const { printReportCards } = await service.data(people.administrator, printing, { input: { gradingPeriodId: ids.fall } });
    expect(await untilStill(service, printReportCards.id)).toMatchObject({ status: 'DONE', total: 7, printed: 1 });
  });

  test('of conference packets is a batch of its own, and says what is posted so far', async () => {
    expect(await print(service, { kind: 'CONFERENCE_PACKET' })).toMatchObject({ status: 'DONE', printed: 5, faulty: 1 });
    const [packet] = await cards(ids.ana, 'CONFERENCE_PACKET');
    expect(JSON.parse(packet!.snapshot)).toMatchObject({ title: 'Ծնողների և ուսուցիչների հանդիպում', template: 'packet.typ' });
  });

  test('of conference packets is in the order of the day, and each packet says when and with whom', async () => {
    const at = '2026-12-02T01:00:00Z';
    await service.sql(
      `with c as (insert into conference (school_id, title, grading_period_id, booking_opens_at, booking_closes_at)
           values ($1, 'Fall', $2, '2026-11-01', '2026-12-01') returning id),
         s as (insert into conference_slot (conference_id, school_id, staff_id, begins_at, ends_at, place)
           select c.id, $1, $3, $4::timestamptz + n * interval '10 minutes', $4::timestamptz + (n + 1) * interval '10 minutes', 'Library'
             from c, generate_series(0, 1) n returning *)
       insert into conference_booking (conference_id, school_id, slot_id, staff_id, student_id, parent_id, begins_at, ends_at)
         select s.conference_id, s.school_id, s.id, s.staff_id, b.student_id, uuidv7(), s.begins_at, s.ends_at
           from s join unnest($5::uuid[]) with ordinality b (student_id, n) on s.begins_at = $4::timestamptz + (b.n - 1) * interval '10 minutes'`,
      [ids.school, ids.fall, people.teacher.subject, at, [ids.cho, ids.ben]],
    );
    const batch = await print(service, { kind: 'CONFERENCE_PACKET' });
    expect(batch).toMatchObject({ status: 'DONE', printed: 2 });
    const { reportBatch } = await service.data(
      people.principal,
      `query ($id: ID!) { reportBatch(id: $id) { cards(first: 9) { nodes { student { id } } } } }`,
      { id: batch.id },
    );
    expect(reportBatch.cards.nodes.map(({ student }: { student: { id: string } }) => student.id)).toEqual([ids.cho, ids.ben]);
    const packet = (await cards(ids.ben, 'CONFERENCE_PACKET')).at(-1)!;
    expect((JSON.parse(packet.snapshot) as Snapshot).conferences).toEqual([['2026년 12월 1일, 17:10', 'Dora Alvarez']]);
  });
});

describe('a template', () => {
  const set = `mutation ($input: SetReportCardTemplateInput!) { setReportCardTemplate(input: $input) { fields gradeLevels school { id } } }`;
  const secondary = { schoolId: ids.school, layout: 'SECONDARY', gradeLevels: [] as string[] };

  test('with an unknown field is refused by the name of the field', async () => {
    const answer = await service.ask(people.principal, set, { input: { ...secondary, fields: ['teacher', 'shoeSize'] } });
    expect(answer.errors![0]).toMatchObject({ extensions: { code: 'TEMPLATE_FIELD_UNKNOWN', field: 'shoeSize' } });
    expect(answer.errors![0]!.message).toContain('"shoeSize"');
    expect(await service.code(people.principal, set, { input: { ...secondary, fields: [], gradeLevels: ['13'] } })).toBe('GRADE_UNKNOWN');
  });

  test('of a school stands instead of the district’s, and what it leaves out is not printed', async () => {
    await service.data(people.principal, set, { input: { ...secondary, fields: ['teacher'] } });
    expect(await service.code(people.otherPrincipal, set, { input: { ...secondary, fields: [] } })).toBe('NOT_FOUND');
    expect(await service.code(people.principal, set, { input: { ...secondary, schoolId: null, fields: [] } })).toBe('FORBIDDEN');
    expect(await print(service)).toMatchObject({ printed: 5 });
    const snapshot = await snapshotOf(ids.ana);
    expect(snapshot).toMatchObject({ attendance: null, address: null, legend: null });
    expect(snapshot.columns.map(([key]) => key)).toEqual(['teacher', 'mark']);
    expect(JSON.stringify(snapshot)).not.toContain('1004711');
  });

  test('is chosen by grade: a kindergartner gets the elementary card', async () => {
    service.families[ids.ben] = { gradeLevel: 'KG' };
    await print(service);
    expect(await snapshotOf(ids.ben)).toMatchObject({ template: 'elementary.typ', sectionWord: 'Subject' });
  });
});
