/** Teachers who save marks over HTTP, each in a section of their own, and who write down what was acknowledged. */
import { randomUUIDv7 } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { request } from 'undici';

interface Cell {
  readonly studentId: string;
  readonly baseRevision: number;
  readonly value: string;
  /** Never used twice. */
  readonly comment: string;
}

interface Answer {
  readonly replayed: boolean;
  readonly receivedAt: string;
  readonly rows: readonly { studentId: string; outcome: string; code: string | null; revision: number | null }[];
}

export interface Save {
  readonly input: {
    readonly saveId: string;
    readonly sectionId: string;
    readonly gradingPeriodId: string;
    readonly cells: readonly Cell[];
  };
  /** Null while it may or may not have been applied. */
  answer: Answer | null;
}

/** Where the district answers, and who asks. */
export interface Address {
  readonly url: string;
  readonly token: string;
}

interface Desk {
  readonly sectionId: string;
  readonly gradingPeriodId: string;
  readonly revisions: Map<string, number>;
  /** Sent again until its answer is known, as a client does. */
  pending: Save | null;
}

export interface Refusal {
  readonly code: string;
  readonly message: string;
}

const day = `query ($date: Date!) { myDay(date: $date) { sectionId section { roster(on: $date) { student { id } latestMark { revision gradingPeriod { id } } } } } }`;
const saveMarks = `mutation ($input: SaveMarksInput!) { saveMarks(input: $input) { replayed receivedAt rows { studentId outcome code revision } } }`;

interface Meeting {
  sectionId: string;
  section: { roster: { student: { id: string }; latestMark: { revision: number; gradingPeriod: { id: string } } | null }[] };
}

/** The answer's data, or why there is none: `NO_ANSWER` when nobody knows whether it was applied. */
async function ask<Data>({ url, token }: Address, query: string, variables: object): Promise<{ data: Data } | Refusal> {
  try {
    const response = await request(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
      headersTimeout: 20_000,
    });
    type Body = { data?: Data; errors?: { message: string; extensions: { code: string } }[] };
    const { data, errors } = (await response.body.json()) as Body;
    if (errors) return { code: errors[0]!.extensions.code, message: errors[0]!.message };
    return { data: data! };
  } catch (error) {
    return { code: 'NO_ANSWER', message: (error as Error).message };
  }
}

export class Writers {
  readonly saves: Save[] = [];
  refusals: Refusal[] = [];
  /** Answers that cannot be if every earlier one was true. */
  readonly contradictions: string[] = [];
  readonly #desks: Desk[];
  readonly #random: () => number;
  /** What is added to each comment, to use up a disk. */
  bulk = 0;

  private constructor(desks: Desk[], random: () => number) {
    this.#desks = desks;
    this.#random = random;
  }

  /** One for each section of the teacher's day. */
  static async of(teacher: Address, date: string, random: () => number): Promise<Writers> {
    const asked = await ask<{ myDay: Meeting[] }>(teacher, day, { date });
    if (!('data' in asked)) throw new Error(`The teacher's day could not be read: ${asked.message}`);
    const desks = asked.data.myDay.flatMap(({ sectionId, section: { roster } }) => {
      const gradingPeriodId = roster.find(({ latestMark }) => latestMark)?.latestMark?.gradingPeriod.id;
      const ofPeriod = roster.filter(({ latestMark }) => latestMark && latestMark.gradingPeriod.id === gradingPeriodId);
      const revisions = new Map(ofPeriod.map(({ student, latestMark }) => [student.id, latestMark!.revision]));
      return gradingPeriodId ? [{ sectionId, gradingPeriodId, revisions, pending: null }] : [];
    });
    // A section that meets twice a day is one desk.
    const once = [...new Map(desks.map((desk) => [desk.sectionId, desk])).values()];
    if (once.length < 2) throw new Error(`A teacher of ${once.length} sections is too few to write at once.`);
    return new Writers(once, random);
  }

  get sectionIds(): string[] {
    return this.#desks.map(({ sectionId }) => sectionId);
  }

  get acknowledged(): Save[] {
    return this.saves.filter(({ answer }) => answer);
  }

  /** Everybody saves until told to stop; who has no answer by then sends the same save again the next time. */
  start(address: Address): { stop(): Promise<void> } {
    const stopping = new AbortController();
    const all = Promise.all(this.#desks.map((desk) => this.#write(desk, address, stopping.signal)));
    all.catch(() => undefined); // told by stop
    return { stop: () => (stopping.abort(), all.then(() => undefined)) };
  }

  /** Every desk has one more save acknowledged; throws when that cannot be had within so many tries. */
  async onceMore(address: Address, tries = 200): Promise<void> {
    for (const desk of this.#desks) {
      let left = tries;
      const before = this.acknowledged.length;
      while (this.acknowledged.length === before) {
        if (!left--) throw new Error(`Saving does not go on: ${JSON.stringify(this.refusals.at(-1))}`);
        await this.#send(desk, address);
      }
    }
  }

  /** Saves that were acknowledged, sent again: what was answered is answered again. Tells what differs. */
  async sendAgain(address: Address, howMany = 10): Promise<string[]> {
    const some = this.acknowledged.filter((_, n, { length }) => n % Math.ceil(length / howMany) === 0);
    const differing: string[] = [];
    for (const { input, answer } of some) {
      const again = await ask<{ saveMarks: Answer }>(address, saveMarks, { input });
      const found = 'data' in again ? again.data.saveMarks : again;
      if (JSON.stringify(found) !== JSON.stringify({ ...answer, replayed: true }))
        differing.push(`save ${input.saveId} was answered ${JSON.stringify(answer)} and, sent again, ${JSON.stringify(found)}`);
    }
    return differing;
  }

  async #write(desk: Desk, address: Address, stopping: AbortSignal): Promise<void> {
    while (!stopping.aborted) await this.#send(desk, address);
  }

  async #send(desk: Desk, address: Address): Promise<void> {
    if (!desk.pending) this.saves.push((desk.pending = this.#nextSave(desk)));
    const asked = await ask<{ saveMarks: Answer }>(address, saveMarks, { input: desk.pending.input });
    if (!('data' in asked)) {
      this.refusals.push(asked);
      await pause(100);
      return;
    }
    const answer = asked.data.saveMarks;
    const { input } = desk.pending;
    const refused = answer.rows.find(({ outcome }) => outcome !== 'SAVED');
    if (refused)
      this.contradictions.push(`save ${input.saveId}, of marks that nobody else touches, was answered ${JSON.stringify(refused)}`);
    else desk.pending.answer = answer;
    desk.pending = null;
    for (const { studentId, revision } of answer.rows) desk.revisions.set(studentId, revision ?? 0);
  }

  #nextSave({ sectionId, gradingPeriodId, revisions }: Desk): Save {
    const saveId = randomUUIDv7();
    const chosen = [...revisions].filter(() => this.#random() < 0.5);
    const cells = (chosen.length ? chosen : [...revisions].slice(0, 1)).map(([studentId, baseRevision], n) => ({
      ...{ studentId, baseRevision, value: 'ABC'[baseRevision % 3]! },
      comment: `${saveId} ${n}${this.#incompressible()}`,
    }));
    return { input: { saveId, sectionId, gradingPeriodId, cells }, answer: null };
  }

  #incompressible(): string {
    let text = '';
    while (text.length < this.bulk) text += ` ${this.#random().toString(36).slice(2)}`;
    return text;
  }
}

/** How often each code. */
export function countsOf(refusals: readonly Refusal[]): Record<string, number> {
  const byCode = [...Map.groupBy(refusals, ({ code }) => code)];
  return Object.fromEntries(byCode.map(([code, { length }]) => [code, length]));
}
