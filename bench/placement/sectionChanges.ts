/** Sections that are cancelled or moved on live rosters, through the graph, and what becomes of those who sit in them. */
import type { Databases } from '@rollbook/district/databases.ts';
import type { GraphClient } from '@rollbook/district/importing/graphClient.ts';
import type { Random } from '@rollbook/timetable/random.ts';
import { repairSection } from '@rollbook/timetable/repair.ts';
import type { PlacedSection, School, Seat } from '@rollbook/timetable/school.ts';
import { inDatabase, periodsOf, today, type LiveSchool } from './liveSchool.ts';

const each = 10;
/** A class that is cancelled or moved has so many students at least. */
const leastSeated = 10;

const plan = /* GraphQL */ `
  query Plan($section: ID!, $on: Date!, $meetings: [MeetingInput!]) {
    sectionChangePlan(sectionId: $section, on: $on, meetings: $meetings) {
      seated
      students {
        student {
          displayName
        }
        isUnplaced
      }
    }
  }
`;
const apply = /* GraphQL */ `
  mutation Apply($input: ApplySectionChangeInput!) {
    applySectionChange(input: $input) {
      seated
      students {
        student {
          id
        }
        drop {
          id
        }
        add {
          id
        }
        isUnplaced
      }
    }
  }
`;

interface Applied {
  readonly seated: number;
  readonly students: readonly {
    readonly student: { readonly id: string };
    readonly add: readonly object[];
    readonly isUnplaced: boolean;
  }[];
}

/** Of each student, the sections from today on; by the ids of the databases. */
type Rosters = ReadonlyMap<string, ReadonlySet<string>>;

const rostersNow = (databases: Databases): Promise<Rosters> =>
  inDatabase(databases, 'scheduling', async (client) => {
    const { rows } = await client.query<{ student: string; sections: string[] }>(
      `select e.student_id as student, array_agg(distinct e.section_id::text) as sections
         from section_enrollment e join section s on s.id = e.section_id
         where coalesce(e.ends, 'infinity') > greatest($1::date, e.begins) and coalesce(least(s.ends, s.cancelled_on), 'infinity') > greatest($1::date, s.begins)
         group by e.student_id`,
      [today],
    );
    return new Map(rows.map(({ student, sections }) => [student, new Set(sections)]));
  });

export async function changeSections(graph: GraphClient, live: LiveSchool, databases: Databases, random: Random) {
  const placed = new Map(live.placed.map((one) => [one.sectionId, one]));
  let rosters = await rostersNow(databases);
  const seated = (sectionId: string) => [...rosters.values()].filter((sections) => sections.has(live.idOf(sectionId))).length;
  const large = random.shuffle(live.placed.filter(({ sectionId }) => seated(sectionId) >= leastSeated)).map(({ sectionId }) => sectionId);
  const figures = { seconds: 0, planSeconds: 0, seated: 0, mostChanges: 0, othersChanged: 0, othersWorse: 0, unplaced: 0 };
  let unplacedAlone = 0;
  let changes = 0;
  for (const sectionId of large) {
    if (changes === 2 * each) break;
    const one = placed.get(sectionId)!;
    const placement = changes < each ? null : anotherTime(live.school, [...placed.values()], one, random);
    if (placement === undefined) continue;
    changes++;
    unplacedAlone += goingWithoutAlone(live, [...placed.values()], rosters, { sectionId, placement });
    const told = await changeOne(graph, live, one, placement);
    const after = await rostersNow(databases);
    const judged = judge(live, live.idOf(sectionId), rosters, after);
    figures.seconds = Math.max(figures.seconds, told.seconds);
    figures.planSeconds = Math.max(figures.planSeconds, told.planSeconds);
    figures.seated += told.applied.seated;
    figures.unplaced += told.applied.students.filter(({ isUnplaced }) => isUnplaced).length;
    figures.mostChanges = Math.max(figures.mostChanges, judged.mostChanges);
    figures.othersChanged += judged.othersChanged;
    figures.othersWorse += judged.othersWorse;
    if (placement) placed.set(sectionId, { ...one, placement });
    else placed.delete(sectionId);
    rosters = after;
  }
  console.log(
    `${changes} sections with ${figures.seated} students cancelled or moved: at most ${figures.seconds.toFixed(2)} s (the plan alone ` +
      `${figures.planSeconds.toFixed(2)} s) and ${figures.mostChanges} changes for a student; ${figures.unplaced} went without; ` +
      `${figures.othersChanged} others changed, ${figures.othersWorse} for the worse`,
  );
  console.log(`On the same rosters ${unplacedAlone} would go without if nobody else gave way.`);
  return {
    sectionsChanged: changes,
    changeSeconds: Number(figures.seconds.toFixed(2)),
    changeMostChanges: figures.mostChanges,
    changeOthersChanged: figures.othersChanged,
    changeOthersWorse: figures.othersWorse,
    changeSeated: figures.seated,
    changeUnplaced: figures.unplaced,
    changeUnplacedAlone: unplacedAlone,
  };
}

async function changeOne(
  graph: GraphClient,
  { idOf }: LiveSchool,
  { sectionId, placement: now }: PlacedSection,
  placement: readonly string[] | null,
) {
  const on = now.some((slot) => slot.startsWith('S1')) ? today : '2027-01-16';
  const meetings = placement && periodsOf(placement).map((period) => ({ periodId: idOf(`period ${period}`) }));
  const planning = performance.now();
  await graph.ask(plan, { section: idOf(sectionId), on, meetings });
  const applying = performance.now();
  const input = { sectionId: idOf(sectionId), on, meetings, reason: 'Too few' };
  const { applySectionChange: applied } = await graph.ask<{ applySectionChange: Applied }>(apply, { input });
  return { applied, planSeconds: (applying - planning) / 1_000, seconds: (performance.now() - applying) / 1_000 };
}

/** What the rosters say of it: nothing of it is taken from the answer. */
function judge({ school, idOf }: LiveSchool, sectionId: string, before: Rosters, after: Rosters) {
  const courseOf = new Map(school.sections.map(({ id, courseId }) => [idOf(id), courseId]));
  const courses = (sections: ReadonlySet<string>) => new Set([...sections].map((id) => courseOf.get(id)!));
  const compared = [...before].map(([student, was]) => {
    const is = after.get(student) ?? new Set<string>();
    return {
      isOther: !was.has(sectionId),
      entered: is.difference(was).size,
      changed: is.symmetricDifference(was).size > 0,
      worse: !courses(was).isSubsetOf(courses(is)),
    };
  });
  const others = compared.filter(({ isOther }) => isOther);
  return {
    mostChanges: Math.max(...compared.map(({ entered }) => entered)),
    othersChanged: others.filter(({ changed }) => changed).length,
    othersWorse: others.filter(({ worse }) => worse).length,
  };
}

/** How many would lose a course if everybody who does not sit in the section kept their seat. */
function goingWithoutAlone(
  { school, idOf }: LiveSchool,
  placed: readonly PlacedSection[],
  rosters: Rosters,
  change: { sectionId: string; placement: readonly string[] | null },
): number {
  const sections = new Map(school.sections.map((section) => [idOf(section.id), section]));
  const inSection = [...rosters].filter(([, own]) => own.has(idOf(change.sectionId)));
  const others = [...rosters].filter(([, own]) => !own.has(idOf(change.sectionId)));
  const taken = Map.groupBy(
    others.flatMap(([, own]) => [...own]),
    (id) => sections.get(id)!.id,
  );
  const students = inSection.map(([id, own]) => ({
    ...{ id, name: id, grade: '', programs: [], team: null, track: null, locked: [], current: [], released: [] },
    requests: [...own].map((section) => ({
      ...{ id: `${id} ${section}`, courseId: sections.get(section)!.courseId, priority: 1 as const, alternates: [] },
    })),
  }));
  const seats = inSection.flatMap(([studentId, own]) =>
    [...own].map((id): Seat => ({ studentId, sectionId: sections.get(id)!.id, requestId: `${studentId} ${id}`, alternate: 0 })),
  );
  const left = school.sections.map((section) => ({
    ...section,
    reservations: [],
    seats: Math.max(0, section.seats - (taken.get(section.id)?.length ?? 0)),
  }));
  return repairSection({ ...school, sections: left, students }, placed, seats, change).lost.length;
}

/** A time in the same terms at which the section's teacher is free; none when there is no such time. */
function anotherTime(school: School, placed: readonly PlacedSection[], one: PlacedSection, random: Random): readonly string[] | undefined {
  const terms = (placement: readonly string[]) => new Set(placement.map((slot) => slot.split(' ')[0]));
  const busy = new Set(placed.filter((other) => other !== one && other.teacherId === one.teacherId).flatMap(({ placement }) => placement));
  const { possible } = school.sections.find(({ id }) => id === one.sectionId)!;
  return random
    .shuffle(possible)
    .find(
      (placement) =>
        placement.join() !== one.placement.join() &&
        terms(placement).symmetricDifference(terms(one.placement)).size === 0 &&
        !placement.some((slot) => busy.has(slot)),
    );
}
