/**
 * A district prints its report cards: pages a second and CPU for a card, from the question in the graph to the published document, with one
 * thread that sets documents and with one for each core; what one card of the same words takes pdfkit; and what saves notice of it. The
 * system is `npm start` in a process of its own, over a PostgreSQL that this process has started; families speak five languages.
 *
 *   npm run bench -- reportcards [--students 20000] [--seconds 30] [--seed 1] [--data <dir>] [--only one,all,pdfkit,saves] [--whole]
 *
 * `--seconds`: how long each batch is watched before it is cancelled, and each load of saves lasts; `--whole`: the batch with all cores
 * goes on to the last student. Without `--data` a district is made, which takes minutes for 20,000 students.
 */
import { GraphClient } from '@rollbook/district/importing/graphClient.ts';
import { openDatabases } from '@rollbook/district/databases.ts';
import { openIssuer } from '@rollbook/district/issuer.ts';
import { services } from '@rollbook/district/services.ts';
import { importingAdministrator } from '@rollbook/district/signIns.ts';
import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import type { Answers } from '../deadline/generator.ts';
import { openSystem } from '../deadline/system.ts';
import { cpuMsOfFamily, median } from '../machine.ts';
import { setWithPdfkit, type Said } from './onePdfkit.ts';

/** Students of Los Angeles Unified, in round figures. */
const large = 650_000;
/** Of the evening's rate at 1x: what one process keeps up with beside everything else. */
const savesMultiple = 0.1;
const rounds = 3;

interface Options {
  readonly dir: string;
  readonly students: number;
  readonly seconds: number;
  readonly seed: number;
  readonly parts: readonly string[];
  readonly whole: boolean;
  readonly isKept: boolean;
}

function optionsOf(args: string[]): Options {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args,
    options: {
      ...{ students: { ...text, default: '20000' }, seconds: { ...text, default: '30' }, seed: { ...text, default: '1' } },
      ...{ data: text, only: { ...text, default: 'one,all,pdfkit,saves' }, whole: { type: 'boolean', default: false } },
    },
  });
  const [students, seconds, seed] = (['students', 'seconds', 'seed'] as const).map((name) => {
    const number = Number(values[name]);
    if (!Number.isInteger(number) || number < 1) throw new Error(`--${name} must be a whole number from 1, not "${values[name]}".`);
    return number;
  }) as [number, number, number];
  const dir = values.data ? resolve(values.data) : mkdtempSync(join(tmpdir(), 'rollbook-bench-'));
  return { dir, students, seconds, seed, parts: values.only.split(','), whole: values.whole, isKept: values.data !== undefined };
}

export async function measure(args: string[]): Promise<Record<string, unknown>> {
  const options = optionsOf(args);
  const { dir, seed, parts } = options;
  const size = prepare(options);
  const databases = await openDatabases(dir, { max_connections: '200' });
  const evening = new Evening(options, databases.administratorUrl);
  try {
    await evening.arrange();
    const one = parts.includes('one') ? await evening.print(1, false) : null;
    const all = parts.includes('all') ? await evening.print(availableParallelism(), options.whole) : null;
    const pdfkit = parts.includes('pdfkit') && (one ?? all) ? await evening.pdfkit() : null;
    const saves = parts.includes('saves') ? await evening.saves() : null;
    const best = all ?? one;
    return {
      ...{ seed, students: size.students },
      pagesPerSecond: best?.pagesPerSecond,
      cpuMsPerCard: (one ?? all)?.cpuMsPerCard,
      timesPdfkit: pdfkit && round(pdfkit.cpuMs / (one ?? all)!.cpuMsPerCard),
      saveP99Ratio: saves?.ratio,
      ...{ oneThread: one, allCores: all, pdfkit, saves },
      hoursFor650000: best && round(large / best.cardsPerSecond / 3600),
    };
  } finally {
    await databases.stop();
    if (!options.isKept) rmSync(dir, { recursive: true, force: true });
  }
}

const round = (figure: number) => Math.round(figure * 100) / 100;

function prepare({ dir, students, seed }: Options): { students: number } {
  const note = join(dir, 'deadline.json');
  if (!existsSync(note)) {
    console.log(`Preparing a district of ${students} students in ${dir}; --data keeps one for the next time ...`);
    const program = join(import.meta.dirname, '..', 'deadline', 'prepare.ts');
    const made = spawnSync(process.execPath, [program, dir, String(students), String(seed)], { stdio: 'inherit' });
    if (made.status !== 0) throw new Error('The district was not made; what it said is above.');
  }
  return JSON.parse(readFileSync(note, 'utf8')) as { students: number };
}

interface Batch {
  readonly status: string;
  readonly total: number | null;
  readonly done: number;
  readonly printed: number;
  readonly faulty: number;
  readonly pages: number;
  readonly pagesPerSecond: number;
  readonly waitingFor: readonly string[];
  readonly remarks: { readonly nodes: readonly { readonly codes: readonly string[]; readonly message: string }[] };
}

class Evening {
  readonly #options: Options;
  readonly #urlOf: (service: string) => string;
  readonly #postgres: number;
  #gradingPeriodId = '';

  constructor(options: Options, urlOf: (service: string) => string) {
    this.#options = options;
    this.#urlOf = urlOf;
    this.#postgres = Number(readFileSync(join(options.dir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
  }

  async #sql<Row>(service: string, sql: string, params: unknown[] = []): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.#urlOf(service) });
    await client.connect();
    try {
      return (await client.query(sql, params)).rows as Row[];
    } finally {
      await client.end();
    }
  }

  /** Homes with a language each, teachers' words on a third of the marks; and what a server that has been up for a day has done by itself. */
  async arrange(): Promise<void> {
    // A start of the program brings the databases to its own migrations.
    await (await openSystem(this.#options.dir, 1, this.#urlOf('grading'))).close();
    await this.#sql(
      'student',
      `with home as (
         insert into household (id, street, city, state, postal_code, home_language, recorded_by)
           select s.id, (100 + n) || ' Elm Street', 'Glendale', 'CA', '91206',
                  case when n % 100 < 50 then 'en' when n % 100 < 88 then 'es' when n % 100 < 93 then 'hy' when n % 100 < 97 then 'ko' else 'fa' end, s.id
             from (select id, row_number() over (order by id) as n from student) s where not exists (select from residence r where r.student_id = s.id)
           returning id)
       insert into residence (student_id, household_id, begins, recorded_by) select id, id, '2020-01-01', id from home`,
    );
    const [period] = await this.#sql<{ id: string }>(
      'grading',
      `select grading_period_id as id from mark where status = 'POSTED' group by 1 order by count(*) desc limit 1`,
    );
    this.#gradingPeriodId = period!.id;
    await this.#sql(
      'grading',
      `update mark set effort = 'S', conduct = 'E', comment_codes = case when n % 3 = 0 then '{E02}'::text[] else '{}' end,
                       comment = case when n % 9 = 0 then 'Reads more than was asked; please look at the last two essays together.' end
         from (select id, row_number() over (order by id) as n from mark) m where m.id = mark.id and mark.grading_period_id = $1 and mark.effort is null`,
      [period!.id],
    );
    for (const { name } of services) await this.#sql(name, 'vacuum (analyze)');
  }

  /** As if nothing had been printed yet. */
  async #forget(): Promise<void> {
    await this.#sql(
      'grading',
      `alter table report_card disable trigger user; truncate report_card, report_batch, report_batch_student, document_request;
       alter table report_card enable trigger user`,
    );
  }

  /** The system with so many threads for documents, and who asks it. */
  async #open(threads: number) {
    process.env['TYPESETTING_THREADS'] = String(threads);
    const system = await openSystem(this.#options.dir, 1, this.#urlOf('grading'));
    const token = await (await openIssuer(this.#options.dir)).sign(importingAdministrator);
    return { system, graph: new GraphClient(system.url, token) };
  }

  async #start(graph: GraphClient): Promise<string> {
    const { printReportCards } = await graph.ask<{ printReportCards: { id: string } }>(
      'mutation ($input: PrintReportCardsInput!) { printReportCards(input: $input) { id } }',
      { input: { gradingPeriodId: this.#gradingPeriodId } },
    );
    return printReportCards.id;
  }

  async #look(graph: GraphClient, id: string): Promise<Batch> {
    const fields = 'status total done printed faulty pages pagesPerSecond waitingFor remarks(first: 5) { nodes { codes message } }';
    return (await graph.ask<{ reportBatch: Batch }>(`query ($id: ID!) { reportBatch(id: $id) { ${fields} } }`, { id })).reportBatch;
  }

  /** Prints for the district; every process counts: the program's, PostgreSQL's, and the services that are asked about families. */
  async print(threads: number, whole: boolean) {
    await this.#forget();
    const { system, graph } = await this.#open(threads);
    try {
      const id = await this.#start(graph);
      // Warm: the threads have read their fonts, and the first answers are here.
      let batch = await this.#look(graph, id);
      while (batch.printed < 120 && batch.status !== 'DONE') [batch] = [await this.#look(graph, id), await pause(50)];
      const used = () => cpuMsOfFamily(system.pid) + cpuMsOfFamily(this.#postgres);
      const [fromMs, fromCpu, from] = [performance.now(), used(), batch];
      while (batch.status !== 'DONE' && (whole || performance.now() - fromMs < this.#options.seconds * 1000)) {
        await pause(200);
        batch = await this.#look(graph, id);
      }
      const seconds = (performance.now() - fromMs) / 1000;
      const cards = batch.printed - from.printed;
      const figures = {
        ...{ threads, cards, pages: batch.pages - from.pages, seconds: round(seconds), status: batch.status },
        cardsPerSecond: round(cards / seconds),
        pagesPerSecond: round((batch.pages - from.pages) / seconds),
        cpuMsPerCard: round((used() - fromCpu) / cards),
        faulty: batch.faulty,
        remarks: batch.remarks.nodes.slice(0, 2),
      };
      console.log(figures);
      if (batch.status !== 'DONE')
        await graph.ask('mutation ($input: CancelReportBatchInput!) { cancelReportBatch(input: $input) { id } }', {
          input: { batchId: id },
        });
      return { ...figures, ...(await this.#kept()) };
    } finally {
      await graph.close();
      await system.close();
    }
  }

  /** What a card takes on disk, and how long reading one takes the database, by its key. */
  async #kept() {
    const [sizes] = await this.#sql<{ pdfKb: number; storedKb: number }>(
      'grading',
      `select round(avg(octet_length(pdf)) / 1024.0, 1)::float as "pdfKb",
              round(pg_total_relation_size('report_card') / count(*) / 1024.0, 1)::float as "storedKb" from report_card`,
    );
    const ids = await this.#sql<{ id: string }>('grading', 'select id from report_card limit 200');
    const client = new pg.Client({ connectionString: this.#urlOf('grading') });
    await client.connect();
    const times: number[] = [];
    for (const { id } of ids) {
      const from = performance.now();
      await client.query({ name: 'card', text: 'select pdf from report_card where id = $1', values: [id] });
      times.push(performance.now() - from);
    }
    await client.end();
    return { ...sizes, readMs: round(median(times)) };
  }

  /** CPU of this process for cards of the same words in English, one after the other. */
  async pdfkit() {
    const said = await this.#sql<{ snapshot: Said }>('grading', `select snapshot from report_card where language = 'en' limit 30`);
    if (!said.length) throw new Error('No card in English was printed to compare with.');
    for (const { snapshot } of said.slice(0, 5)) await setWithPdfkit(snapshot);
    const from = process.cpuUsage();
    let bytes = 0;
    for (const { snapshot } of said) bytes += (await setWithPdfkit(snapshot)).length;
    const { user, system } = process.cpuUsage(from);
    const figures = { cards: said.length, cpuMs: round((user + system) / 1000 / said.length), kb: round(bytes / said.length / 1024) };
    console.log('pdfkit', figures);
    return figures;
  }

  /** Teachers save while a batch runs and while none does, in turns: the machine is the same in both. */
  async saves() {
    await this.#forget();
    const { system, graph } = await this.#open(Math.max(1, Math.floor(availableParallelism() / 2)));
    const urls = Object.fromEntries(services.map(({ name }) => [name, this.#urlOf(name)]));
    const described = { dir: this.#options.dir, urls, seed: this.#options.seed };
    const generator = fork(join(import.meta.dirname, '..', 'deadline', 'generator.ts'), [JSON.stringify(described)], { stdio: 'inherit' });
    const load = async (seconds: number) => {
      generator.send({
        question: 'load',
        url: system.url,
        seconds,
        multiple: savesMultiple,
        graceSeconds: 2,
        kinds: ['cells', 'class', 'submit'],
      });
      const [told] = (await once(generator, 'message')) as [{ figures: Answers['load'] } | { trouble: string }];
      if ('trouble' in told) throw new Error(told.trouble);
      return told.figures.rows['saves']!;
    };
    try {
      await once(generator, 'message');
      const seconds = Math.max(4, Math.round(this.#options.seconds / 2));
      await load(Math.min(seconds, 8));
      const [without, during]: number[][] = [[], []];
      let failed = 0;
      for (let n = 0; n < rounds; n++) {
        const alone = await load(seconds);
        const id = await this.#start(graph);
        while (!(await this.#look(graph, id)).printed) await pause(100);
        const beside = await load(seconds);
        const { status } = await this.#look(graph, id);
        if (status !== 'RUNNING') console.log(`The batch was ${status} before the load ended: take more students.`);
        await graph.ask('mutation ($input: CancelReportBatchInput!) { cancelReportBatch(input: $input) { id } }', {
          input: { batchId: id },
        });
        while ((await this.#look(graph, id)).status === 'RUNNING') await pause(100);
        await this.#forget();
        without!.push(alone.p99Ms);
        during!.push(beside.p99Ms);
        failed += alone.failed + beside.failed;
        console.log(
          `saves: p99 ${round(alone.p99Ms)} ms alone, ${round(beside.p99Ms)} ms beside a batch; ${alone.offered} and ${beside.offered} saves`,
        );
      }
      const [withoutMs, duringMs] = [round(median(without!)), round(median(during!))];
      return { withoutMs, duringMs, ratio: round(duringMs / withoutMs), failed };
    } finally {
      generator.disconnect();
      await graph.close();
      await system.close();
    }
  }
}
