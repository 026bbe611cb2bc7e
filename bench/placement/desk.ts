/** The offices of the school: some place students who walk in, others change classes at the same time; all over HTTP, through the gateway. */
import { GraphClient, GraphError } from '@rollbook/district/importing/graphClient.ts';
import { randomFrom } from '@rollbook/timetable/random.ts';
import type { LiveSchool } from './liveSchool.ts';

const walkIn = /* GraphQL */ `
  query WalkIn($school: ID!, $student: ID!, $requests: [WalkInRequestInput!]) {
    walkIn(schoolId: $school, studentId: $student, requests: $requests) {
      student {
        displayName
      }
      best {
        section {
          id
          number
          title
        }
        alternate
      }
      unmet {
        title
      }
      periods {
        period {
          name
        }
        choices {
          section {
            id
            number
            title
          }
          alternate
          seatsLeft
          met
          isAsGood
        }
      }
      concerns {
        sentence
      }
    }
  }
`;
const hold = 'mutation ($input: HoldSeatsInput!) { holdSeats(input: $input) { id expiresAt } }';
const commit = 'mutation ($input: CommitHoldInput!) { commitHold(input: $input) { added { sectionId } } }';
const change = 'mutation ($input: ChangeScheduleInput!) { changeSchedule(input: $input) { added { sectionId } dropped { sectionId } } }';

interface Told {
  readonly walkIn: {
    readonly best: readonly { section: { id: string } }[];
    readonly unmet: readonly object[];
    readonly periods: readonly { choices: readonly object[] }[];
  };
}

export interface Placed {
  /** Milliseconds of each question, and of holding and taking the seats of the best schedule. */
  readonly walkInMs: number[];
  readonly takeMs: number[];
  readonly choices: number[];
  unmet: number;
  /** Seats that somebody else took between the answer and the hold. */
  taken: number;
}

/** Of so many newcomers one stays, so that seats last. */
const stays = 3;

/** Each newcomer asks for what a student of the school asked for, and some take the best schedule; so many desks at the same time. */
export async function placeNewcomers(
  graph: GraphClient,
  live: LiveSchool,
  newcomers: readonly string[],
  atOnce: number,
  seed: number,
): Promise<Placed> {
  const { school, schoolId, idOf } = live;
  const models = randomFrom(seed).shuffle(school.students);
  const placed: Placed = { walkInMs: [], takeMs: [], choices: [], unmet: 0, taken: 0 };
  let next = 0;
  const desk = async () => {
    for (let n = next++; n < newcomers.length; n = next++) {
      const requests = models[n % models.length]!.requests.map(({ courseId, priority, alternates }) => ({
        ...{ courseId: idOf(courseId), priority, alternates: alternates.map(idOf) },
      }));
      const sectionIds = await askOne(graph, { school: schoolId, student: newcomers[n]!, requests }, placed);
      if (n % stays === 0 && sectionIds.length) await take(graph, newcomers[n]!, sectionIds, placed);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, desk));
  return placed;
}

async function askOne(
  graph: GraphClient,
  asked: { school: string; student: string; requests: object[] },
  placed: Placed,
): Promise<string[]> {
  const asking = performance.now();
  const { walkIn: told } = await graph.ask<Told>(walkIn, asked);
  placed.walkInMs.push(performance.now() - asking);
  placed.choices.push(told.periods.reduce((sum, { choices }) => sum + choices.length, 0));
  placed.unmet += told.unmet.length;
  return told.best.map(({ section }) => section.id);
}

async function take(graph: GraphClient, studentId: string, sectionIds: readonly string[], placed: Placed): Promise<void> {
  const taking = performance.now();
  try {
    const { holdSeats } = await graph.ask<{ holdSeats: { id: string } }>(hold, { input: { studentId, sectionIds } });
    await graph.ask(commit, { input: { holdId: holdSeats.id, reason: 'New at the school' } });
    placed.takeMs.push(performance.now() - taking);
  } catch (error) {
    if (!(error instanceof GraphError) || error.code !== 'SECTION_FULL') throw error;
    placed.taken++;
  }
}

/** Others who drop a class of a student and add it again, one change after the other, until they are told to end. */
export function startChanging(graph: GraphClient, { seats, idOf }: LiveSchool, people: number, seed: number) {
  const random = randomFrom(seed);
  const all = random.shuffle(seats);
  let next = 0;
  let isOver = false;
  const counts = { changes: 0, refused: 0 };
  const apply = async (input: object): Promise<boolean> => {
    try {
      await graph.ask(change, { input: { ...input, reason: 'Changed their mind' } });
      counts.changes++;
      return true;
    } catch (error) {
      // Somebody who walked in has the seat now; a student with a free period may not drop a second class.
      if (!(error instanceof GraphError) || !['SECTION_FULL', 'SECOND_EMPTY_PERIOD', 'TWO_CLASSES_AT_ONCE'].includes(error.code))
        throw error;
      counts.refused++;
      return false;
    }
  };
  const work = Promise.all(
    Array.from({ length: people }, async () => {
      while (!isOver) {
        const { studentId, sectionId } = all[next++ % all.length]!;
        const [student, section] = [idOf(studentId), idOf(sectionId)];
        if (await apply({ studentId: student, dropSectionIds: [section] })) await apply({ studentId: student, addSectionIds: [section] });
      }
    }),
  );
  return async () => {
    isOver = true;
    await work;
    return counts;
  };
}
