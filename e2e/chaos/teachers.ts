/** Some simulated teachers, each with an outbox of their own on this computer. Forked; may be killed at any moment and started again. */
import { createGraph, keyOf, openOutbox, sectionRoster, type Cell, type CellState, type Graph, type Outbox } from '@rollbook/client';
import { fileStorage } from '@rollbook/client/fileStorage.ts';
import { setTimeout as pause } from 'node:timers/promises';
import { randomUUIDv7 } from 'node:crypto';
import { join } from 'node:path';
import { answerIn, logTo, now, posted, verbOf, type Event, type SaveInput, type Seen } from './history.ts';
import type { Lesson, Teacher } from './lessons.ts';
import { pick, randomFrom, some } from './random.ts';

export interface Assignment {
  readonly url: string;
  readonly dir: string;
  readonly log: string;
  readonly seed: number;
  readonly teachers: readonly Teacher[];
  /** Nothing more is typed; what waits is sent. */
  readonly isOver: boolean;
  /** Broken on purpose: each attempt goes under an id of its own. */
  readonly forgetsSaveIds: boolean;
}
export type Told = Assignment | 'over';
export interface Report {
  /** Since this program began. */
  readonly acknowledged: number;
  /** In outboxes at this moment. */
  readonly unsaved: number;
  /** What is there, in words, when it is not much. */
  readonly waiting: readonly string[];
}

const answerWithinMs = 4_000;

/** Writes down what goes to the graph and what comes back. */
function overheard(graph: Graph, teacher: string, log: (event: Event) => void, forgetsSaveIds: boolean): Graph {
  return {
    async request(operation, variables, person) {
      const verb = verbOf(operation.text);
      if (!verb) return graph.request(operation, variables, person);
      const stored = (variables as { input: SaveInput }).input;
      const input = forgetsSaveIds ? { ...stored, saveId: randomUUIDv7() } : stored;
      const attempt = randomUUIDv7();
      log({ event: 'invoke', attempt, teacher, verb, input, at: now() });
      try {
        const answer = await graph.request(operation, { ...variables, input }, person);
        const told = answerIn(verb, answer.data);
        if (told) log({ event: 'ack', attempt, ...told, at: now() });
        else log({ event: 'fail', attempt, code: answer.errors[0]?.code ?? 'NO_DATA', at: now() });
        if (told) acknowledged++;
        return answer;
      } catch (error) {
        log({ event: 'fail', attempt, code: (error as { code?: string }).code ?? String(error), at: now() });
        throw error;
      }
    },
  };
}

const sectionScores = {
  text: `query SectionScores($sectionId: ID!) {
  section(id: $sectionId) { roster { student { id } scores(first: 100) { nodes { assignment { id } comment revision } } } }
}`,
};
interface SectionScores {
  section: {
    roster: {
      student: { id: string };
      scores: { nodes: { assignment: { id: string }; comment: string | null; revision: number }[] } | null;
    }[];
  } | null;
}

/** One person at work: reads, types, and decides what to do about conflicts. */
class AtWork {
  readonly #teacher: Teacher;
  readonly #outbox: Outbox;
  readonly #graph: Graph;
  readonly #random: () => number;
  readonly #log: (event: Event) => void;
  /** The revisions this person has seen, by cell of the database. */
  readonly #seen = new Map<string, number>();
  readonly #deciding = new Set<string>();
  #typed = 0;

  constructor(teacher: Teacher, outbox: Outbox, graph: Graph, random: () => number, log: (event: Event) => void) {
    this.#teacher = teacher;
    this.#outbox = outbox;
    this.#graph = graph;
    this.#random = random;
    this.#log = log;
    outbox.subscribe((changed) => changed.forEach((state) => this.#hear(state)));
    outbox.attention().forEach((state) => this.#hear(state));
  }

  get outbox(): Outbox {
    return this.#outbox;
  }

  async work(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      const lesson = pick(this.#random, this.#teacher.lessons);
      const what = this.#random();
      if (what < 0.2) await this.#read(lesson);
      else if (what < 0.5) this.#type(lesson, 'mark');
      else if (what < 0.75) this.#type(lesson, 'score');
      else if (what < 0.87) this.#type(lesson, 'roll');
      else this.#type(lesson, 'post');
      await pause(30 + this.#random() * 350);
    }
  }

  #type(lesson: Lesson, kind: Cell['kind']): void {
    const { sectionId, gradingPeriodId, date, periodId, studentIds, assignmentIds } = lesson;
    if (kind === 'score' && !assignmentIds.length) return;
    const students = some(this.#random, studentIds, 3);
    const edits: [Cell, string][] = students.map((studentId) => {
      const content = `${this.#teacher.name}.${process.pid}.${++this.#typed}`;
      if (kind === 'score') return [{ kind, sectionId, assignmentId: pick(this.#random, assignmentIds), studentId }, content];
      if (kind === 'roll') return [{ kind, sectionId, date, periodId }, content];
      return [{ kind, sectionId, gradingPeriodId, studentId }, content];
    });
    for (const [cell, content] of kind === 'roll' ? edits.slice(0, 1) : edits) this.#edit(cell, content, students);
  }

  #edit(cell: Cell, content: string, students: readonly string[]): void {
    const { name: teacher } = this.#teacher;
    const key = databaseKey(cell);
    const revision = this.#seen.get(key);
    if (revision === undefined) return; // one reads before one writes
    const value = {
      mark: { value: pick(this.#random, ['A', 'B', 'C', 'D']), comment: content },
      score: { value: String(Math.floor(this.#random() * 10)), comment: content },
      roll: { exceptions: students.map((studentId, n) => ({ studentId, code: 'T', comment: n ? `${content}+${n}` : content })) },
      post: null,
    }[cell.kind];
    const told = cell.kind === 'roll' ? students.map((_, n) => (n ? `${content}+${n}` : content)).join('|') : content; // prettier-ignore
    const isValue = cell.kind !== 'post';
    if (isValue) this.#log({ event: 'typed', teacher, key, content: told, at: now() });
    const stored = this.#outbox.edit(cell, value as never, { revision });
    void stored.then(() => isValue && this.#log({ event: 'stored', teacher, key, content: told, at: now() }));
  }

  async #read({ sectionId, gradingPeriodId, date, periodId }: Lesson): Promise<void> {
    const invokedAt = now();
    try {
      const [roster, scores] = await Promise.all([
        this.#graph.request(sectionRoster, { sectionId, gradingPeriodId, date, periodId }),
        this.#graph.request<SectionScores, object>(sectionScores, { sectionId }),
      ]);
      const { section } = roster.data;
      const cells: Seen[] = [];
      for (const { student } of section?.marks ? section.roster : []) {
        const mark = section!.marks!.find((one) => one.student?.id === student.id);
        const content = mark?.status === 'POSTED' ? posted : (mark?.comment ?? '');
        cells.push({ key: `mark/${sectionId}/${gradingPeriodId}/${student.id}`, revision: mark?.revision ?? 0, content });
      }
      for (const { student, scores: of } of scores.data.section?.roster ?? [])
        for (const { assignment, comment, revision } of of?.nodes ?? [])
          cells.push({ key: `score/${assignment.id}/${student.id}`, revision, content: comment ?? '' });
      // What a roll shows is of several sayings and of today's roster: its revision alone can be compared.
      if (section?.roll) cells.push({ key: `roll/${sectionId}/${date}/${periodId}`, revision: section.roll.revision, content: null });
      for (const { key, revision } of cells) this.#learn(key, revision);
      this.#log({ event: 'read', teacher: this.#teacher.name, invokedAt, cells, at: now() });
    } catch {
      // The graph is away; the teacher goes on with what they have seen.
    }
  }

  #learn(key: string, revision: number): void {
    this.#seen.set(key, Math.max(revision, this.#seen.get(key) ?? 0));
  }

  #hear({ cell, state, revision, found }: CellState): void {
    const key = databaseKey(cell);
    if (revision !== undefined && this.#seen.has(key)) this.#learn(key, revision);
    if (found) this.#learn(key, found.revision);
    if ((state !== 'CONFLICT' && state !== 'REFUSED') || this.#deciding.has(keyOf(cell))) return;
    this.#deciding.add(keyOf(cell));
    const insists = state === 'CONFLICT' && cell.kind !== 'post' && this.#random() < 0.5;
    setTimeout(() => void this.#decide(cell, insists), 50 + this.#random() * 400);
  }

  async #decide(cell: Cell, insists: boolean): Promise<void> {
    this.#deciding.delete(keyOf(cell));
    if (!insists) this.#log({ event: 'gaveUp', teacher: this.#teacher.name, key: databaseKey(cell), content: '', at: now() });
    await (insists ? this.#outbox.keepMine(cell) : this.#outbox.takeTheirs(cell));
  }
}

/** As history.ts names cells. */
function databaseKey(cell: Cell): string {
  if (cell.kind === 'roll') return keyOf(cell);
  if (cell.kind === 'score') return `score/${cell.assignmentId}/${cell.studentId}`;
  return `mark/${cell.sectionId}/${cell.gradingPeriodId}/${cell.studentId}`;
}

let acknowledged = 0;

async function begin({ url, dir, log: path, seed, teachers, isOver, forgetsSaveIds }: Assignment): Promise<void> {
  let over = isOver;
  const log = logTo(path);
  const people = await Promise.all(
    teachers.map(async (teacher, n) => {
      const storage = await fileStorage(join(dir, teacher.name));
      const plain = createGraph({ url: `${url}/graphql`, token: teacher.token, timeoutMs: answerWithinMs });
      const graph = overheard(plain, teacher.name, log, forgetsSaveIds);
      const outbox = await openOutbox({ storage, graph, person: teacher.person, gatherMs: 100 });
      return new AtWork(teacher, outbox, graph, randomFrom(seed + n), log);
    }),
  );
  process.on('message', (told: Told) => {
    if (told !== 'over') return;
    over = true;
    people.forEach(({ outbox }) => outbox.online());
  });
  setInterval(() => {
    const waiting = people.flatMap(({ outbox }) => outbox.states().filter(({ state }) => state !== 'SAVED').map(waitingText)); // prettier-ignore
    process.send!({ acknowledged, unsaved: waiting.length, waiting: waiting.slice(0, 5) } satisfies Report);
  }, 200);
  // The network comes and goes; a browser notices when it comes.
  setInterval(() => people.forEach(({ outbox }) => outbox.online()), 1_000);
  for (const person of people) void person.work(() => over);
}

const waitingText = ({ cell, state, code }: CellState) => `${state}${code ? ` (${code})` : ''} ${keyOf(cell)}`;

process.once('message', (assignment: Assignment) => void begin(assignment));
process.once('disconnect', () => process.exit(0));
