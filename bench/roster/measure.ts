/**
 * CPU per request of the query a teacher's screen sends most: one class of about 30 students from four services. Three systems answer it, each
 * over the same PostgreSQL data: Rollbook in one process, Rollbook in five, and a stock @apollo/gateway over the same four subgraphs on Apollo
 * Server, all with their defaults. Only Node's processes are counted; the databases are the same for all.
 */
import { openLog } from '@rollbook/subgraph/log.ts';
import { randomUUIDv7 } from 'node:crypto';
import { once } from 'node:events';
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openDistrict } from '@rollbook/district/district.ts';
import { settleDemo } from '@rollbook/district/demo/settle.ts';
import { openDistrictProcesses } from '@rollbook/district/processes.ts';
import { GraphClient } from '@rollbook/district/importing/graphClient.ts';
import { readPersonas } from '@rollbook/district/signIns.ts';
import { cpuMsOf, median } from '../machine.ts';
import { drive, type Asked } from './drive.ts';

const today = '2026-11-18';
const rehearsalNow = `${today}T18:00:00Z`;

export const rosterQuery = /* GraphQL */ `
  query Roster($section: ID!, $date: Date!, $period: ID!) {
    section(id: $section) {
      id
      title
      number
      course {
        title
        number
      }
      teachers {
        role
        staff {
          displayName
        }
      }
      roster(on: $date) {
        student {
          id
          displayName
          givenName
          familyName
          gradeLevel
          birthDate
        }
        latestMark {
          value
          status
          revision
          savedAt
        }
        attendance(date: $date, periodId: $period) {
          state
          code
        }
      }
    }
  }
`;

interface Running {
  readonly url: string;
  readonly pids: readonly number[];
  close(): Promise<void>;
}

export async function measure(args: string[]): Promise<Record<string, unknown>> {
  const { values } = parseArgs({
    args,
    options: {
      requests: { type: 'string', default: '600' },
      rounds: { type: 'string', default: '5' },
      seed: { type: 'string', default: '1' },
    },
  });
  const [requests, rounds, seed] = [values.requests, values.rounds, values.seed].map(Number) as [number, number, number];
  const dir = mkdtempSync(join(tmpdir(), 'rollbook-bench-'));
  console.log('Preparing a demo district of 1,500 students ...');
  const asked = await prepare(dir, seed);
  console.log(`The class has ${asked.students} students.`);

  const systems: [name: string, open: () => Promise<Running & { token: string }>][] = [
    ['oneProcess', () => openOne(dir, asked.teacherId)],
    ['manyProcesses', () => openMany(dir, asked.teacherId)],
    ['stock', () => openStock(dir, asked.teacherId)],
  ];
  // One after the other in each round, so that a slower minute of the machine falls on all alike.
  const cpuMs: Record<string, number[]> = {};
  const answers = new Map<string, string>();
  for (let round = 1; round <= rounds; round++)
    for (const [name, open] of systems) {
      const system = await open();
      try {
        const request: Asked = { url: system.url, token: system.token, body: asked.body };
        await drive(request, requests, 8); // until everything is compiled
        const before = cpuMsOf(system.pids);
        answers.set(name, await drive(request, requests, 8));
        const each = (cpuMsOf(system.pids) - before) / requests;
        (cpuMs[name] ??= []).push(each);
        console.log(`round ${round}: ${name.padEnd(14)} ${each.toFixed(2)} ms CPU a request`);
      } finally {
        await system.close();
      }
    }
  rmSync(dir, { recursive: true, force: true });
  const ratioTo = (name: string) => Number(median(cpuMs['stock']!.map((stock, i) => stock / cpuMs[name]![i]!)).toFixed(2));
  const bodies = [...answers.values()];
  if (new Set(bodies).size > 1) for (const [name, body] of answers) console.log(`${name}: ${body.slice(0, 600)}`);
  return {
    oneProcess: ratioTo('oneProcess'),
    manyProcesses: ratioTo('manyProcesses'),
    sameAnswer: new Set(bodies).size === 1,
    cpuMsPerRequest: Object.fromEntries(Object.entries(cpuMs).map(([name, each]) => [name, Number(median(each).toFixed(2))])),
    answerBytes: Buffer.byteLength(bodies[0]!),
    students: asked.students,
    ...{ requests, rounds, seed },
  };
}

/** A district with rolls and marks, and the largest class of the demo teacher. */
async function prepare(dir: string, seed: number) {
  const log = openLog('error');
  const district = await openDistrict({ dir, port: 0, log, now: () => new Date(rehearsalNow) });
  await settleDemo(district, dir, { students: 1500, seed, today, rollDays: 1 }, () => undefined);
  const teacher = readPersonas(dir).find(({ name }) => name === 'teacher')!;
  const graph = new GraphClient(district.url, await district.issuer.sign(await district.accessOf(teacher.personId!)));
  type Meeting = { sectionId: string; periodId: string; section: { roster: { student: { id: string } }[] } };
  const { myDay } = await graph.ask<{ myDay: Meeting[] }>(
    'query ($date: Date!) { myDay(date: $date) { sectionId periodId section { roster(on: $date) { student { id } } } } }',
    { date: today },
  );
  const largest = myDay.sort((a, b) => b.section.roster.length - a.section.roster.length)[0]!;
  await graph.ask('mutation ($input: TakeRollInput!) { takeRoll(input: $input) { outcome } }', {
    input: {
      ...{ saveId: randomUUIDv7(), sectionId: largest.sectionId, date: today, periodId: largest.periodId, baseRevision: 0 },
      exceptions: [{ studentId: largest.section.roster[0]!.student.id, code: 'A' }],
    },
  });
  await graph.close();
  await district.close();
  const variables = { section: largest.sectionId, date: today, period: largest.periodId };
  return { teacherId: teacher.personId!, students: largest.section.roster.length, body: JSON.stringify({ query: rosterQuery, variables }) };
}

async function openOne(dir: string, teacherId: string): Promise<Running & { token: string }> {
  const child = fork(join(import.meta.dirname, '..', 'district.ts'), [dir, rehearsalNow, teacherId], { stdio: 'inherit' });
  const [{ url, token }] = (await once(child, 'message')) as [{ url: string; token: string }];
  return { url, token, pids: [child.pid!], close: () => endChild(child) };
}

async function endChild(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

async function openMany(dir: string, teacherId: string, programOf?: (name: string) => string): Promise<Running & { token: string }> {
  const district = await openDistrictProcesses({ dir, port: 0, logLevel: 'error', rehearsalNow, ...(programOf ? { programOf } : {}) });
  const token = await district.issuer.sign(await district.accessOf(teacherId));
  return { url: district.url, token, pids: Object.values(district.processes).map((child) => child.pid!), close: () => district.close() };
}

const openStock = (dir: string, teacherId: string) =>
  openMany(dir, teacherId, (name) => join(import.meta.dirname, name === 'gateway' ? 'stockGateway.ts' : 'stockSubgraph.ts'));
