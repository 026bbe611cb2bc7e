/** Moves a demo district in: its package by the importer, then, through the same graph, what offices and teachers would enter. */
import { addDays, daysBetween, sourcedUuid, todayIn, type RoleGrant, type Viewer } from '@rollbook/school';
import pLimit from 'p-limit';
import { randomUUIDv7 } from 'node:crypto';
import { join } from 'node:path';
import type { District } from '../district.ts';
import { GraphClient } from '../importing/graphClient.ts';
import { importPackage } from '../importing/importPackage.ts';
import { untilSettled } from '../settled.ts';
import { importingAdministrator, writePersonas, type Persona } from '../signIns.ts';
import { demoDistrict, type DemoDistrict, type Roll, type StudentMark } from './district.ts';
import { writeDemoPackage } from './write.ts';

export interface SettleOptions {
  readonly students: number;
  readonly schools?: number;
  readonly seed?: number;
  /** For how many past school days there are rolls. */
  readonly rollDays?: number;
  readonly today?: string;
}

type Show = (step: string, done: number, total: number) => void;

const timeZone = 'America/Los_Angeles';
const atOnce = 6;

export async function hasDistrict(district: District): Promise<boolean> {
  const { data } = await district.subgraphs['student']!.execute({ query: '{ district { id } }' }, importingAdministrator);
  return Boolean(data?.['district']);
}

export async function settleDemo(district: District, dir: string, options: SettleOptions, show: Show): Promise<DemoDistrict> {
  const { students, schools = 3, seed = 1, rollDays = 5, today = todayIn(timeZone, new Date()) } = options;
  const demo = demoDistrict({ students, schools, seed, rollDays, today });
  const file = join(dir, 'demo.zip');
  await writeDemoPackage(file, { students, schools, seed, rollDays, today });
  const town = new Town(district, `demo-${seed}`, today);
  try {
    const token = await district.issuer.sign(importingAdministrator);
    const report = await importPackage(file, {
      ...{ url: district.url, token, strictness: 'strict', dryRun: false, timeZone, today },
      onProgress: ({ file: step, rows, ofRows }) => show(step, rows, ofRows),
    });
    if (!report.applied || report.issues.length) throw new Error(`The demo district does not import: ${JSON.stringify(report.issues[0])}`);
    await untilSettled(Object.values(district.subgraphs));
    const bells = await town.ringBells(demo, show);
    await town.keepCalendars(demo, bells, show);
    await town.setWeekdays(demo);
    await town.enterPrograms(demo, show);
    await untilSettled(Object.values(district.subgraphs));
    await town.takeRolls([...demo.rolls], show);
    await town.giveMarks(demo, show);
  } finally {
    await town.close();
  }
  writePersonas(
    dir,
    personasOf(demo, (sourcedId) => town.id('user', sourcedId)),
  );
  return demo;
}

function personasOf({ signIns }: DemoDistrict, idOf: (sourcedId: string) => string): Persona[] {
  const { teacher, counselor, clerk, principal, districtAdministrator, parent, student } = signIns;
  const of = (name: string, signIn: { userSourcedId: string; name: string; orgName: string }, what: string): Persona => ({
    name,
    description: `${signIn.name}, ${what} ${signIn.orgName}`,
    personId: idOf(signIn.userSourcedId),
  });
  return [
    of('teacher', teacher, 'teacher at'),
    of('counselor', counselor, 'counselor at'),
    of('clerk', clerk, 'office clerk at'),
    of('principal', principal, 'principal of'),
    of('administrator', districtAdministrator, 'district administrator of'),
    {
      ...of('parent', parent, 'parent of'),
      description: `${parent.name}, parent of ${parent.children.map((child) => child.name).join(' and ')}`,
    },
    of('student', student, 'student at'),
    { name: 'vendor', description: 'a vendor-to-be, without any grant', personId: null },
  ];
}

interface TaughtSection {
  readonly id: string;
  readonly schoolId: string;
  readonly teacherId: string;
  /** Ids of the periods it meets in, by name. */
  readonly periods: ReadonlyMap<string, string>;
}

interface FoundSections {
  sections: {
    nodes: {
      id: string;
      teachers: { role: string; staff: { id: string } }[];
      meetingPatterns: { period: { id: string; name: string } }[];
    }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
}

/** The people of the demo district at work, each in their own name. */
class Town {
  readonly #district: District;
  readonly #source: string;
  readonly #today: string;
  readonly #clients = new Map<string, GraphClient>();
  readonly #limit = pLimit(atOnce);

  constructor(district: District, source: string, today: string) {
    this.#district = district;
    this.#source = source;
    this.#today = today;
  }

  id(kind: string, sourcedId: string): string {
    return sourcedUuid(this.#source, kind, sourcedId);
  }

  async close(): Promise<void> {
    for (const client of this.#clients.values()) await client.close();
  }

  async #as(subject: string, grant: RoleGrant): Promise<GraphClient> {
    const key = `${subject} ${grant.role} ${grant.schoolId}`;
    let client = this.#clients.get(key);
    if (!client) {
      const viewer: Viewer = { subject, grants: [grant], students: [] };
      this.#clients.set(key, (client = new GraphClient(this.#district.url, await this.#district.issuer.sign(viewer))));
    }
    return client;
  }

  #administrator(): Promise<GraphClient> {
    return this.#as(importingAdministrator.subject, importingAdministrator.grants[0]!);
  }

  async #each<T>(step: string, items: readonly T[], show: Show, work: (item: T) => Promise<void>): Promise<void> {
    let done = 0;
    await Promise.all(
      items.map((item) =>
        this.#limit(async () => {
          await work(item);
          show(step, ++done, items.length);
        }),
      ),
    );
  }

  /** Bell schedules; the regular one rings on every weekday. Answers their ids by school and name. */
  async ringBells(demo: DemoDistrict, show: Show): Promise<Map<string, string>> {
    const ids = new Map<string, string>();
    const graph = await this.#administrator();
    await this.#each('bell schedules', [...demo.bellSchedules], show, async ({ schoolSourcedId, name, periods }) => {
      const schoolId = this.id('org', schoolSourcedId);
      const times = periods.map(({ label, startTime, endTime }) => ({
        ...{ startsAt: startTime, endsAt: endTime },
        ...(/^(HR|\d+)$/.test(label) ? { period: label } : { label }),
      }));
      const answer = await graph.ask<{ setBellSchedule: { id: string } }>(
        'mutation ($input: SetBellScheduleInput!) { setBellSchedule(input: $input) { id } }',
        { input: { schoolId, name, times } },
      );
      ids.set(`${schoolSourcedId} ${name}`, answer.setBellSchedule.id);
      if (name !== 'Regular day') return;
      for (const weekday of ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY'])
        await graph.ask('mutation ($input: UseBellScheduleInput!) { useBellSchedule(input: $input) { begins } }', {
          input: { bellScheduleId: answer.setBellSchedule.id, weekday, begins: demo.schoolYear.term.start },
        });
    });
    return ids;
  }

  async keepCalendars(demo: DemoDistrict, bells: ReadonlyMap<string, string>, show: Show): Promise<void> {
    const graph = await this.#administrator();
    const bySchool = Map.groupBy(demo.calendar, (day) => day.schoolSourcedId);
    await this.#each('calendars', [...bySchool], show, async ([school, days]) => {
      const { addCalendar } = await graph.ask<{ addCalendar: { id: string } }>(
        'mutation ($input: AddCalendarInput!) { addCalendar(input: $input) { id } }',
        {
          input: {
            schoolId: this.id('org', school),
            schoolYear: demo.schoolYear.year,
            title: demo.schoolYear.term.title,
            begins: days[0]!.date,
            ends: addDays(days.at(-1)!.date, 1),
          },
        },
      );
      const dates = days.map(({ date, kind, name, bellSchedule }) => ({
        ...{ date, kind, note: name || null },
        bellScheduleId: bellSchedule && bellSchedule !== 'Regular day' ? bells.get(`${school} ${bellSchedule}`) : null,
      }));
      await graph.ask('mutation ($input: SetCalendarDatesInput!) { setCalendarDates(input: $input) { id } }', {
        input: { calendarId: addCalendar.id, dates },
      });
    });
  }

  /** The package says in which period a class meets; that some meet on certain weekdays only is set here. */
  async setWeekdays(demo: DemoDistrict): Promise<void> {
    const graph = await this.#administrator();
    const some = [...demo.meetings].filter(({ days }) => days.length < 5);
    await this.#each(
      'weekdays',
      some,
      () => undefined,
      async ({ classSourcedId, days }) => {
        const sectionId = this.id('class', classSourcedId);
        const { section } = await graph.ask<{
          section: { begins: string; meetingPatterns: { period: { id: string }; room: { id: string } | null }[] };
        }>('query ($id: ID!) { section(id: $id) { begins meetingPatterns { period { id } room { id } } } }', { id: sectionId });
        const meetings = section.meetingPatterns.map(({ period, room }) => ({ periodId: period.id, roomId: room?.id ?? null, days }));
        await graph.ask('mutation ($input: SetMeetingsInput!) { setMeetings(input: $input) { id } }', {
          input: { sectionId, begins: section.begins, meetings },
        });
      },
    );
  }

  async enterPrograms(demo: DemoDistrict, show: Show): Promise<void> {
    const graph = await this.#administrator();
    await this.#each('programs', [...demo.programs], show, async ({ studentSourcedId, program, beginDate }) => {
      await graph.ask('mutation ($input: EnterProgramInput!) { enterProgram(input: $input) { id } }', {
        input: { studentId: this.id('user', studentSourcedId), programCode: program, begins: beginDate },
      });
    });
  }

  /** Teachers take the roll of the last days, the office enters older ones. */
  async takeRolls(rolls: readonly Roll[], show: Show): Promise<void> {
    const sections = await this.#sections();
    await this.#each('rolls', rolls, show, async ({ classSourcedId, date, period, exceptions }) => {
      const section = sections.get(this.id('class', classSourcedId))!;
      const recent = daysBetween(date, this.#today) <= 6;
      const graph = recent
        ? await this.#as(section.teacherId, { role: 'TEACHER', schoolId: section.schoolId })
        : await this.#as(importingAdministrator.subject, { role: 'CLERK', schoolId: section.schoolId });
      const { takeRoll } = await graph.ask<{ takeRoll: { outcome: string; code: string; message: string } }>(
        'mutation ($input: TakeRollInput!) { takeRoll(input: $input) { outcome code message } }',
        {
          input: {
            ...{ saveId: randomUUIDv7(), sectionId: section.id, date, periodId: section.periods.get(period), baseRevision: 0 },
            exceptions: exceptions.map(({ studentSourcedId, code }) => ({ studentId: this.id('user', studentSourcedId), code })),
          },
        },
      );
      if (takeRoll.outcome !== 'SAVED') throw new Error(`A demo roll was not taken: ${takeRoll.code} ${takeRoll.message}`);
    });
  }

  /** Marks of the grading periods that are over are posted; those of the running one are drafts. */
  async giveMarks(demo: DemoDistrict, show: Show): Promise<void> {
    const marks = [...demo.marks];
    await this.#openWindows(demo, new Set(marks.map((mark) => mark.gradingPeriodSourcedId)));
    const sections = await this.#sections();
    const bySection = [...Map.groupBy(marks, (mark) => `${mark.classSourcedId} ${mark.gradingPeriodSourcedId}`).values()];
    await this.#each('marks', bySection, show, async (cells) => {
      const section = sections.get(this.id('class', cells[0]!.classSourcedId))!;
      const graph = await this.#as(section.teacherId, { role: 'TEACHER', schoolId: section.schoolId });
      await this.#giveMarksOf(graph, section.id, cells);
    });
  }

  async #giveMarksOf(graph: GraphClient, sectionId: string, marks: readonly StudentMark[]): Promise<void> {
    const gradingPeriodId = this.id('academicSession', marks[0]!.gradingPeriodSourcedId);
    const cells = marks.map(({ studentSourcedId, mark }) => ({
      studentId: this.id('user', studentSourcedId),
      baseRevision: 0,
      value: mark,
    }));
    const { saveMarks } = await graph.ask<{
      saveMarks: { rows: { studentId: string; outcome: string; code: string; revision: number }[] };
    }>('mutation ($input: SaveMarksInput!) { saveMarks(input: $input) { rows { studentId outcome code revision } } }', {
      input: { saveId: randomUUIDv7(), sectionId, gradingPeriodId, cells },
    });
    // A student who has left since is no longer on the roster; everything else must be saved.
    const wrong = saveMarks.rows.find(({ outcome, code }) => outcome !== 'SAVED' && code !== 'NOT_ENROLLED');
    if (wrong) throw new Error(`A demo mark was not saved: ${wrong.code}`);
    const saved = saveMarks.rows.filter(({ outcome }) => outcome === 'SAVED');
    if (!marks[0]!.final || !saved.length) return;
    await graph.ask('mutation ($input: PostMarksInput!) { postMarks(input: $input) { saveId } }', {
      input: {
        ...{ saveId: randomUUIDv7(), sectionId, gradingPeriodId },
        cells: saved.map(({ studentId, revision }) => ({ studentId, baseRevision: revision })),
      },
    });
  }

  async #openWindows(demo: DemoDistrict, gradingPeriods: ReadonlySet<string>): Promise<void> {
    const graph = await this.#administrator();
    for (const sourcedId of gradingPeriods)
      await graph.ask('mutation ($input: OpenGradingWindowInput!) { openGradingWindow(input: $input) { id } }', {
        input: {
          gradingPeriodId: this.id('academicSession', sourcedId),
          opensAt: `${demo.schoolYear.term.start}T00:00:00Z`,
          closesAt: `${addDays(this.#today, 60)}T00:00:00Z`,
        },
      });
  }

  /** Every section with who teaches it and the ids of its periods. */
  async #sections(): Promise<ReadonlyMap<string, TaughtSection>> {
    const graph = await this.#administrator();
    const found = new Map<string, TaughtSection>();
    const { schools } = await graph.ask<{ schools: { nodes: { id: string }[] } }>('{ schools(first: 100) { nodes { id } } }');
    for (const { id: schoolId } of schools.nodes) {
      let after: string | null = null;
      do {
        const page: FoundSections = await graph.ask<FoundSections>(
          `query ($schoolId: ID!, $after: String) { sections(schoolId: $schoolId, first: 100, after: $after) {
            nodes { id teachers { role staff { id } } meetingPatterns { period { id name } } } pageInfo { hasNextPage endCursor } } }`,
          { schoolId, after },
        );
        for (const { id, teachers, meetingPatterns } of page.sections.nodes) {
          const teacher = teachers.find(({ role }) => role === 'TEACHER_OF_RECORD') ?? teachers[0];
          if (!teacher) continue;
          const periods = new Map(meetingPatterns.map(({ period }) => [period.name, period.id] as const));
          found.set(id, { id, schoolId, teacherId: teacher.staff.id, periods });
        }
        after = page.sections.pageInfo.hasNextPage ? page.sections.pageInfo.endCursor : null;
      } while (after);
    }
    return found;
  }
}
