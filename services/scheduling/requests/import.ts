import { refuse } from '@rollbook/school';
import type { Context, Transaction } from '@rollbook/subgraph';
import { schoolFor } from '../calendar/schools.ts';
import { tellSections } from '../events.ts';
import { counselors } from './counselors.ts';
import { readScheduleFile, scheduleFiles, type Fault, type ScheduleRow } from './csv.ts';
import type { Applied, Place } from './importing.ts';
import { keepCourses, keepRooms, keepTeachers } from './importOfferings.ts';
import { keepSections } from './importSections.ts';
import { keepHistory, keepRequests, keepStudents } from './importStudents.ts';
import { writeIf } from './writeIf.ts';
import type { ImportRequestsInput, ImportedRowOutcome, ScheduleFile, ScheduleFileInput } from '../schema.types.ts';

interface ImportedRow {
  readonly file: ScheduleFile;
  readonly line: number;
  readonly outcome: ImportedRowOutcome;
  readonly code?: string;
  readonly column?: string | null;
  readonly message?: string;
  readonly remedy?: string;
}

interface RequestImport {
  readonly saved: number;
  readonly unchanged: number;
  readonly refused: number;
  readonly rows: readonly ImportedRow[];
}

const keepers: Readonly<Record<ScheduleFile, (tx: Transaction, place: Place, rows: readonly ScheduleRow[]) => Promise<Applied>>> = {
  COURSES: keepCourses,
  ROOMS: keepRooms,
  TEACHERS: keepTeachers,
  SECTIONS: keepSections,
  STUDENTS: keepStudents,
  COURSE_HISTORY: keepHistory,
  REQUESTS: keepRequests,
};
const order = Object.keys(scheduleFiles);
const mostRows = 5_000;

/**
 * Who: counselor or principal of the school, district administrator. Files are applied in the order in which they build on one another,
 * whatever the order they are sent in; the answer has theirs. Sent again, every row is unchanged.
 */
export async function importRequests({ files, ...input }: ImportRequestsInput, context: Context): Promise<RequestImport> {
  await schoolFor(context, input.schoolId, counselors);
  const read = files.map((file) => ({ ...file, ...readScheduleFile(file.file, file.csv, file.firstLine ?? 2) }));
  const count = read.reduce((sum, { rows }) => sum + rows.length, 0);
  if (count > mostRows) refuse('TOO_MANY_ROWS', `An import holds at most ${mostRows} rows, not ${count}; send the files in parts.`);
  const isKept = ({ refused }: RequestImport) => !input.dryRun && !(input.strict && refused);
  return writeIf(
    context,
    isKept,
    async (tx) => {
      // Courses and sections are found by what they are called: two imports of a school at once would both miss what the other adds.
      await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`importRequests ${input.schoolId}`]);
      return answerOf(files, input.strict, await applyAll(tx, input, read));
    },
    `import from ${input.source}`,
  );
}

type Read = ScheduleFileInput & { readonly rows: readonly ScheduleRow[]; readonly faults: readonly Fault[] };

/** What became of each file's rows, in the order in which the files were sent. */
async function applyAll(tx: Transaction, place: Place, read: readonly Read[]): Promise<Applied[]> {
  const applied = new Map<Read, Applied>();
  const touched: string[] = [];
  for (const file of [...read].sort((a, b) => order.indexOf(a.file) - order.indexOf(b.file))) {
    const done = file.rows.length ? await keepers[file.file](tx, place, file.rows) : { kept: [], faults: [] };
    applied.set(file, { kept: done.kept, faults: [...file.faults, ...done.faults] });
    touched.push(...(done.sectionIds ?? []));
  }
  await tellSections(tx, [...new Set(touched)]);
  return read.map((file) => applied.get(file)!);
}

function answerOf(files: readonly ScheduleFileInput[], strict: boolean, applied: readonly Applied[]): RequestImport {
  const wrong = applied.some(({ faults }) => faults.length > 0);
  const rows = applied.flatMap(({ kept, faults }, n): ImportedRow[] => {
    const { file } = files[n]!;
    const good = kept.map(({ line, changed }) => {
      const outcome: ImportedRowOutcome = !changed ? 'UNCHANGED' : strict && wrong ? 'HELD_BACK' : 'SAVED';
      return { file, line, outcome };
    });
    const bad = faults.map((fault) => ({ file, outcome: 'REFUSED' as const, ...fault }));
    return [...good, ...bad].sort((a, b) => a.line - b.line);
  });
  const linesOf = (outcome: ImportedRowOutcome) =>
    new Set(rows.filter((row) => row.outcome === outcome).map(({ file, line }) => `${file} ${line}`)).size;
  return { saved: linesOf('SAVED'), unchanged: linesOf('UNCHANGED'), refused: linesOf('REFUSED'), rows };
}
