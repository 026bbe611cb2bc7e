/**
 * Transcripts of all seniors of a district, ordered through the gateway and made by the service: how long it takes, and whether credits, averages
 * and ranks are what SQL over the raw records says (`differences`, by another route that shares no code). `plantedDifferences` is what the
 * comparison finds when one record is planted: it must not be 0. Then records are corrected at random, through the graph: what transcripts and
 * audits say follows (`differencesAfterChanges`), what was issued does not (`frozenDifferences`).
 * `npm run bench -- transcripts [--students 20000] [--seed 1] [--changes 200]`
 */
import { once } from 'node:events';
import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openDatabases } from '@rollbook/district/databases.ts';
import { services } from '@rollbook/district/services.ts';
import { migrate } from '@rollbook/subgraph/migrate.ts';
import pg from 'pg';
import { request } from 'undici';
import { recompute } from './checker.ts';
import { earnRecords, enrollEverybody, today } from './district.ts';

interface Graph {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers are as the graph says
  ask(query: string, variables?: object): Promise<any>;
}

export async function measure(args: string[]): Promise<Record<string, unknown>> {
  const text = { type: 'string' } as const;
  const options = { students: { ...text, default: '20000' }, seed: { ...text, default: '1' }, changes: { ...text, default: '200' } };
  const { values } = parseArgs({ args, options });
  const [students, seed, changes] = [Number(values.students), Number(values.seed), Number(values.changes)];
  const dir = mkdtempSync(join(tmpdir(), 'rollbook-transcripts-'));
  // Made first and then closed: the district opens the same directory in a process of its own, as a school's does.
  const databases = await openDatabases(dir);
  try {
    for (const { name } of services)
      await migrate(
        services.find((each) => each.name === name)!,
        databases.urls[name]!,
      );
    const student = await opened(databases.administratorUrl('student'));
    const grading = await opened(databases.administratorUrl('grading'));
    process.env['ROLLBOOK_POSTGRES_URL'] = new URL('/postgres', databases.administratorUrl('student')).href;
    const district = fork(join(import.meta.dirname, '..', 'district.ts'), [dir, `${today}T18:00:00Z`], { stdio: 'inherit' });
    const [{ url, token }] = (await once(district, 'message')) as [{ url: string; token: string }];
    const graph = graphAt(url, token);
    console.log(`Enrolling ${students} students ...`);
    await enrollEverybody(student, grading, students);
    await until(async () => (await count(grading, 'enrolled_student')) === students);
    const records = await earnRecords(grading, seed);
    await grading.query('analyze');
    console.log(`Ordering the transcripts of all seniors, with ${records} records ...`);
    const issued = await orderAll(graph, grading);
    console.log(`${issued.documents} in ${issued.seconds} s; recomputing ...`);
    const differences = await compareDocuments(grading);
    const plantedDifferences = await plantDifference(grading);
    const before = await fingerprint(grading);
    const after = await changeAtRandom(graph, grading, changes, seed);
    const frozenDifferences = (await fingerprint(grading)) === before ? 0 : 1;
    district.kill('SIGTERM');
    await once(district, 'exit');
    await Promise.all([student.end(), grading.end()]);
    return { ...issued, records, differences, plantedDifferences, ...after, frozenDifferences, students, seed };
  } finally {
    await databases.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function opened(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client;
}

const count = async (client: pg.Client, table: string) =>
  (await client.query<{ n: number }>(`select count(*)::int as n from ${table}`)).rows[0]!.n;

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((next) => setTimeout(next, 100));
}

function graphAt(url: string, token: string): Graph {
  return {
    async ask(query, variables = {}) {
      const { body } = await request(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query, variables }),
      });
      const { data, errors } = (await body.json()) as { data: unknown; errors?: unknown };
      if (errors) throw new Error(JSON.stringify(errors));
      return data;
    },
  };
}

async function orderAll(graph: Graph, grading: pg.Client) {
  const began = performance.now();
  const order = `mutation { issueTranscripts(input: { gradeLevel: "12", official: true, issuedTo: "University of California" }) { id wanted } }`;
  const { id, wanted } = (await graph.ask(order)).issueTranscripts as { id: string; wanted: number };
  const progress = `query ($id: ID!) { transcriptOrder(id: $id) { status done } }`;
  await until(async () => (await graph.ask(progress, { id })).transcriptOrder.status === 'DONE');
  const seconds = Number(((performance.now() - began) / 1000).toFixed(1));
  const documents = await count(grading, 'transcript_document');
  return { seconds, seniors: wanted, documents, faults: wanted - documents, documentsPerSecond: Math.round(documents / seconds) };
}

interface Issued {
  readonly student: { readonly id: string };
  readonly totals: { creditsAttempted: string; creditsEarned: string; gpa: string | null; weightedGpa: string | null };
  readonly rank: { readonly place: number } | null;
}

/** How many numbers of the documents are not those of the checker; a document without a student of its own, or the other way round, is one too. */
async function compareDocuments(grading: pg.Client): Promise<number> {
  const expected = await recompute(grading);
  const { rows } = await grading.query<{ snapshot: string }>('select snapshot from transcript_document');
  let differences = Math.abs(rows.length - expected.size);
  for (const { snapshot } of rows) {
    const { student, totals, rank } = JSON.parse(snapshot) as Issued;
    const should = expected.get(student.id);
    const is = [totals.creditsAttempted, totals.creditsEarned, totals.gpa, totals.weightedGpa, rank?.place ?? null];
    const ought = should && [should.attempted, should.earned, should.gpa, should.weightedGpa, should.place];
    differences += ought ? is.filter((value, n) => value !== ought[n]).length : 1;
  }
  return differences;
}

/** What the comparison finds when somebody's records are not those that were issued: more than nothing, or it could find nothing at all. */
async function plantDifference(grading: pg.Client): Promise<number> {
  await grading.query('begin');
  await grading.query(
    `insert into transcript_record (student_id, school_id, school_name, school_year, session, ended_on, summer, course_title, subjects, subject_codes,
         part, parts, repeatable, mark, credits_attempted, credits_earned, points, weighted_points, weighted, pending, source)
       select student_id, school_id, school_name, school_year, session, ended_on, summer, 'Planted', subjects, subject_codes,
         1, 1, false, 'F', 5, 0, 0, 0, false, false, 'POSTED' from transcript_record limit 1`,
  );
  const found = await compareDocuments(grading);
  await grading.query('rollback');
  return found;
}

/** All that is frozen, as one number. */
async function fingerprint(grading: pg.Client): Promise<string> {
  const { rows } = await grading.query<{ all: string }>(
    `select string_agg(number || code || md5(snapshot) || md5(pdf), '' order by number) as all from transcript_document`,
  );
  return createHash('sha256').update(rows[0]!.all).digest('hex');
}

const plan = `mutation { setDiplomaPlan(input: { classYear: 2020, name: "Diploma", creditsPerYear: "70", requirements: [
  { key: "a", name: "A", credits: "20", codes: ["A"] }, { key: "b", name: "B", credits: "40", codes: ["B"] },
  { key: "c", name: "C", credits: "30", codes: ["C"], leastPoints: "2", passCounts: false }, { key: "e", name: "Electives", credits: "90" }] }) { id } }`;
const shownOf = `query ($id: ID!) {
  transcript(studentId: $id) { creditsAttempted creditsEarned gpa weightedGpa }
  graduationAudit(studentId: $id) { requirements { records { credits } } unused { credits } } }`;

/** Corrects records through the graph, and compares what transcripts and audits say of the students afterwards. */
async function changeAtRandom(graph: Graph, grading: pg.Client, changes: number, seed: number) {
  await graph.ask(plan);
  const { rows } = await grading.query<{ id: string; student_id: string; mark: string }>(
    `select id, student_id, mark from transcript_record order by md5(student_id::text || course_title || session || $1::text) limit $2`,
    [seed, changes],
  );
  for (const { id, mark } of rows)
    await graph.ask('mutation ($input: CorrectTranscriptRecordInput!) { correctTranscriptRecord(input: $input) { id } }', {
      input: { recordId: id, mark: mark === 'A' ? 'F' : 'A', credits: '5', reason: 'changed at random' },
    });
  const expected = await recompute(grading);
  const touched = [...new Set(rows.map((row) => row.student_id))];
  let differencesAfterChanges = 0;
  for (const id of touched) {
    const { transcript, graduationAudit } = await graph.ask(shownOf, { id });
    const should = expected.get(id)!;
    const shares = [...graduationAudit.requirements.flatMap(({ records }: { records: object[] }) => records), ...graduationAudit.unused];
    const audited = shares.reduce((sum: number, { credits }: { credits: string }) => sum + Math.round(Number(credits) * 1000), 0);
    const is = [transcript.creditsAttempted, transcript.creditsEarned, transcript.gpa, transcript.weightedGpa, audited];
    const ought = [should.attempted, should.earned, should.gpa, should.weightedGpa, Math.round(Number(should.earned) * 1000)];
    differencesAfterChanges += is.filter((value, n) => value !== ought[n]).length;
  }
  return { changes: rows.length, studentsTouched: touched.length, differencesAfterChanges };
}
