import { isUuid, refuse } from '@rollbook/school';
import { batch, columnsOf, type Context, type Slice, type Transaction } from '@rollbook/subgraph';
import type { SectionRow } from '../rosters/entities.ts';
import { findSection, isOffice, officesOf } from '../rosters/resolvers.ts';
import { GradingWindow, type GradingWindowRow } from './entities.ts';
import { checkExtension, checkSpan, isOpen, levelOf, windowToTell } from './rules.ts';
import type { Arguments, ExtendGradingWindowInput, OpenGradingWindowInput } from '../schema.types.ts';

const columns = columnsOf(GradingWindow, 'w');

const windowById = batch<string, GradingWindowRow>(
  (ids, { read }) => read(`select ${columns} from grading_window w where w.id = any($1)`, [ids]),
  (window) => window.id,
);

interface Applying {
  readonly section: SectionRow;
  readonly gradingPeriodId: string;
}

/** The windows that apply to a section and to the viewer, as one list for each question. */
const windowsApplying = batch<Applying, Applying & { windows: readonly GradingWindowRow[] }>(
  async (keys, { read, viewer }) => {
    const windows = await read<GradingWindowRow>(
      `select ${columns} from grading_window w
        where w.grading_period_id = any($1) and (w.school_id is null or w.school_id = any($2))
          and (w.section_id is null or w.section_id = any($3)) and (w.teacher_id is null or w.teacher_id = $4)`,
      [keys.map((key) => key.gradingPeriodId), keys.map((key) => key.section.schoolId), keys.map((key) => key.section.id), viewer.subject],
    );
    return keys.map((key) => ({ ...key, windows: windows.filter((window) => applies(window, key)) }));
  },
  ({ section, gradingPeriodId }) => ({ section, gradingPeriodId }),
  ({ section, gradingPeriodId }) => `${section.id} ${gradingPeriodId}`,
);

const applies = (window: GradingWindowRow, { section, gradingPeriodId }: Applying) =>
  window.gradingPeriodId === gradingPeriodId &&
  (window.schoolId ?? section.schoolId) === section.schoolId &&
  (window.sectionId ?? section.id) === section.id;

async function windowOf(section: SectionRow, gradingPeriodId: string, context: Context): Promise<GradingWindowRow | null> {
  if (!isUuid(gradingPeriodId)) return null;
  const found = await context.load(windowsApplying, { section, gradingPeriodId });
  return windowToTell(found?.windows ?? [], context.now());
}

/** Who: a district administrator; a principal for the own school. */
async function openGradingWindow(input: OpenGradingWindowInput, context: Context): Promise<GradingWindowRow> {
  const schoolId = input.schoolId ?? null;
  await checkPlace(schoolId, context);
  checkSpan(input);
  return context.write(async ({ em, query }) => {
    await checkPeriod(query, input.gradingPeriodId);
    const window = em.create(GradingWindow, { ...input, schoolId });
    await em.flush();
    return window as unknown as GradingWindowRow;
  });
}

/** Who: a district administrator; a principal within the own school. */
async function extendGradingWindow(input: ExtendGradingWindowInput, context: Context): Promise<GradingWindowRow> {
  const place = await placeOf(input, context);
  const now = context.now();
  return context.write(async ({ em, query }) => {
    await checkPeriod(query, input.gradingPeriodId);
    const level = { gradingPeriodId: input.gradingPeriodId, ...place };
    // An extension that arrives at the same moment waits here, and is then compared with this one.
    await query('select pg_advisory_xact_lock(hashtext($1))', [Object.values(level).join()]);
    const before = await em.findOne(GradingWindow, level);
    checkExtension(input.closesAt, before, input.reason, now);
    const window = before ?? em.create(GradingWindow, { ...level, opensAt: now, closesAt: input.closesAt });
    window.closesAt = input.closesAt;
    await em.flush();
    await em.refresh(window);
    return window as unknown as GradingWindowRow;
  }, input.reason.trim());
}

/** The level an extension names, which the viewer must lead. */
async function placeOf({ schoolId, sectionId, teacherId }: ExtendGradingWindowInput, context: Context) {
  if (sectionId != null && teacherId != null) refuse('LEVEL_INVALID', 'Name a section or a teacher, not both.');
  if (teacherId != null && schoolId == null) refuse('LEVEL_INVALID', "A teacher's window is for one school; name it with schoolId.");
  if (teacherId != null && !isUuid(teacherId)) refuse('NOT_FOUND', `There is no teacher ${teacherId}.`);
  if (sectionId == null) {
    await checkPlace(schoolId ?? null, context);
    return { schoolId: schoolId ?? null, sectionId: null, teacherId: teacherId ?? null };
  }
  const section = await findSection(sectionId, context);
  if (!section || (schoolId != null && section.schoolId !== schoolId))
    refuse('NOT_FOUND', `There is no section ${sectionId} in a school of yours.`);
  await checkPlace(section!.schoolId, context);
  return { schoolId: section!.schoolId, sectionId, teacherId: null };
}

/** The district is its administrators' to decide for, a school its principal's too. */
async function checkPlace(schoolId: string | null, context: Context): Promise<void> {
  if (schoolId === null) {
    if (officesOf(context)) refuse('FORBIDDEN', 'A window of the whole district is set by a district administrator; name your school.');
    return;
  }
  const known = isUuid(schoolId) && isOffice(context, schoolId);
  if (!known || !(await context.read('select from school where id = $1', [schoolId])).length)
    refuse('NOT_FOUND', `There is no school ${schoolId} of yours.`);
}

async function checkPeriod(query: Transaction['query'], id: string): Promise<void> {
  const found = isUuid(id) && (await query('select from grading_period where id = $1', [id])).length;
  if (!found) refuse('GRADING_PERIOD_UNKNOWN', `There is no grading period ${id}. Grading periods are added in scheduling.`);
}

export const windows: Slice<Arguments> = {
  entities: [GradingWindow],
  // By when marks are due, in whichever school, is a fact of the institution.
  subjects: { GradingWindow: () => ({ schoolIds: null }) },
  refusals: {
    grading_window_once: ['WINDOW_EXISTS', 'There is a window for this grading period here already; extend it with extendGradingWindow.'],
  },
  resolvers: {
    Mutation: {
      openGradingWindow: (_, { input }, context) => openGradingWindow(input, context),
      extendGradingWindow: (_, { input }, context) => extendGradingWindow(input, context),
    },
    Section: {
      gradingWindow: (section: SectionRow, { gradingPeriodId }, context) => windowOf(section, gradingPeriodId, context),
    },
    GradingWindow: {
      __resolveReference: ({ id }: { id: string }, { load }: Context) => load(windowById, id),
      gradingPeriod: ({ gradingPeriodId }: GradingWindowRow) => ({ id: gradingPeriodId }),
      level: (window: GradingWindowRow) => levelOf(window),
      school: ({ schoolId }: GradingWindowRow) => (schoolId ? { id: schoolId } : null),
      section: ({ sectionId }: GradingWindowRow, _, context) => (sectionId ? findSection(sectionId, context) : null),
      teacher: ({ teacherId }: GradingWindowRow) => (teacherId ? { id: teacherId } : null),
      reason: ({ reason }: GradingWindowRow) => reason || null,
      isOpen: (window: GradingWindowRow, _, { now }) => isOpen(window, now()),
    },
  },
};
