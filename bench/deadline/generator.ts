/** The people of the evening, in a process of their own: told what to do by the measurement, answers with figures. */
import { randomStream } from '@rollbook/district/demo/random.ts';
import { openIssuer } from '@rollbook/district/issuer.ts';
import type { Viewer } from '@rollbook/school';
import { evening, percentile, type Evening } from './arrivals.ts';
import { graphAt, savesThrough, upsertsInto } from './callers.ts';
import { peopleOf, screensOf, teacherOf, type People } from './classes.ts';
import { rates, readShares, saveShares, teachersAtWork, type Kind } from './model.ts';

export interface Described {
  readonly dir: string;
  readonly urls: Readonly<Record<string, string>>;
  readonly seed: number;
}

/** What it is asked, by name. */
export interface Questions {
  load: { url: string; seconds: number; multiple: number; graceSeconds: number; kinds?: readonly Kind[] };
  through: { url: string; seconds: number; callers: number; cells: number };
  bare: { seconds: number; callers: number; cells: number; connections: number };
}

export interface Row {
  readonly offered: number;
  readonly inTime: number;
  readonly late: number;
  readonly shed: number;
  readonly failed: number;
  readonly refusals: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** What it answers. */
export interface Answers {
  load: { rows: Readonly<Record<string, Row>>; faults: readonly string[]; saves: Evening['saves'] };
  through: number;
  bare: number;
}

type Asked = { [Q in keyof Questions]: { readonly question: Q } & Questions[Q] }[keyof Questions];

const shares = { ...saveShares, ...readShares };
const rateOf = (kind: Kind) => shares[kind] * (kind in saveShares ? rates.saves : rates.reads);

async function open({ dir, urls, seed }: Described) {
  const people = await peopleOf((service) => urls[service]!);
  const issuer = await openIssuer(dir);
  const sign = (viewers: readonly Viewer[]) => Promise.all(viewers.map((viewer) => issuer.sign(viewer)));
  const each = Math.max(1, Math.round(teachersAtWork / people.classes.length));
  const tokens = {
    classes: await Promise.all(people.classes.map((one) => sign(Array.from({ length: each }, () => teacherOf(one))))),
    families: await sign(
      people.families.map(({ contactId, studentId }) => ({
        ...{ subject: contactId, grants: [{ role: 'PARENT' as const, schoolId: null }], students: [studentId] },
      })),
    ),
    offices: await sign(
      people.offices.map(({ staffId, role, schoolId }) => ({ subject: staffId, grants: [{ role, schoolId }], students: [] })),
    ),
  };
  return { people, screens: screensOf(people, tokens, randomStream(seed, 1)), seed };
}

let graph: ReturnType<typeof graphAt> | undefined;
let returned = Promise.withResolvers<void>();
let runs = 0;

async function load({ people: _, screens, seed }: Awaited<ReturnType<typeof open>>, asked: Questions['load']): Promise<Answers['load']> {
  const { url, seconds, multiple, graceSeconds, kinds = Object.keys(shares) as Kind[] } = asked;
  graph = graphAt(url);
  const { tallies, faults, saves } = await evening({
    perSecond: Object.fromEntries(kinds.map((kind) => [kind, rateOf(kind) * multiple])),
    ...{ seconds, graceSeconds },
    random: randomStream(seed, 100 + ++runs),
    make: (kind) => (kind in saveShares ? screens.save(kind as keyof typeof saveShares) : screens.read(kind as keyof typeof readShares)),
    send: (operation) => graph!.send(operation),
    back: () => returned.promise,
  });
  await graph.close();
  const rows = Object.entries(tallies).map(([kind, { latenciesMs, ...counts }]) => {
    return [kind, { ...counts, p50Ms: percentile(latenciesMs, 0.5), p99Ms: percentile(latenciesMs, 0.99) }];
  });
  const all = (isOne: (kind: string) => boolean) => {
    const chosen = Object.entries(tallies).filter(([kind]) => isOne(kind)).map(([, tally]) => tally); // prettier-ignore
    const sum = (key: 'offered' | 'inTime' | 'late' | 'shed' | 'failed' | 'refusals') =>
      chosen.reduce((total, tally) => total + tally[key], 0);
    const latencies = chosen.flatMap(({ latenciesMs }) => latenciesMs);
    return {
      ...{ offered: sum('offered'), inTime: sum('inTime'), late: sum('late'), shed: sum('shed'), failed: sum('failed') },
      ...{ refusals: sum('refusals'), p50Ms: percentile(latencies, 0.5), p99Ms: percentile(latencies, 0.99) },
    };
  };
  return {
    rows: { ...Object.fromEntries(rows), saves: all((kind) => kind in saveShares), reads: all((kind) => kind in readShares) },
    faults,
    saves,
  };
}

function largest({ classes }: People, callers: number, cells: number): number[] {
  const found = classes.flatMap(({ students }, n) => (students.length >= cells ? [n] : []));
  if (found.length < callers)
    throw new Error(`Only ${found.length} classes have ${cells} students, ${callers} are needed: take more students.`);
  return found.slice(0, callers);
}

const [described] = process.argv.slice(2) as [string];
const world = await open(JSON.parse(described) as Described);
const { people, screens } = world;

async function answer(asked: Asked): Promise<unknown> {
  if (asked.question === 'load') return load(world, asked);
  const chosen = largest(people, asked.callers, asked.cells);
  if (asked.question === 'through')
    return savesThrough(
      asked.url,
      chosen.map((n) => screens.wholeClass(n, asked.cells)),
      asked.seconds,
    );
  const url = (JSON.parse(described) as Described).urls['grading']!;
  return upsertsInto(
    url,
    chosen.map((n) => people.classes[n]!),
    asked.cells,
    asked.connections,
    asked.seconds,
  );
}

process.on('disconnect', () => process.exit(0));
process.on('message', (message: Asked | { back: string }) => {
  if ('back' in message) {
    // The system answers again, perhaps elsewhere: everybody who waits returns at this moment.
    void graph?.close();
    graph = graphAt(message.back);
    returned.resolve();
    returned = Promise.withResolvers<void>();
    return;
  }
  answer(message).then(
    (figures) => process.send!({ figures }),
    (error: Error) => process.send!({ trouble: error.stack }),
  );
});
process.send!({ ready: { classes: people.classes.length, teachers: new Set(people.classes.map(({ teacherId }) => teacherId)).size } });
