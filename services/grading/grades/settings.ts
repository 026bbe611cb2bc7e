import { isUuid, refuse } from '@rollbook/school';
import { batch, type Context, type Transaction } from '@rollbook/subgraph';
import { plainRules, weightsFault, type Cutoff, type GradingRules } from '../gradebook/gradingRules.ts';
import { checkDropLowest, checkWeight } from '../gradebook/rules.ts';
import type { SectionRow } from '../rosters/entities.ts';
import { sectionToGrade } from '../rosters/resolvers.ts';
import { reasonOf } from '../saves/rules.ts';
import type { GradebookRulesRow } from './entities.ts';
import { changedRules, checkMarks, scaleOf } from './rules.ts';
import { marksGivenIn } from './scales.ts';
import type { CategoryRulesInput, ChangeGradebookInput } from '../schema.types.ts';

interface Settings {
  readonly rules: GradingRules;
  readonly cutoffs: readonly Cutoff[] | null;
  readonly rubricId: string | null;
}

type Stored = Omit<Settings, 'rules'> & { readonly rules: Partial<GradingRules> };

const plain: Settings = { rules: plainRules, cutoffs: null, rubricId: null };
const whole = (stored: Stored | undefined): Settings => (stored ? { ...stored, rules: { ...plainRules, ...stored.rules } } : plain);

const columns = `section_id as "sectionId", rules, cutoffs, rubric_id as "rubricId"`;

/** The settings of sections; one without its own has the plain ones. */
const settingsOfSection = batch<string, Settings & { readonly sectionId: string }>(
  async (ids, { read }) => {
    const rows = await read<Stored & { sectionId: string }>(`select ${columns} from gradebook_rules where section_id = any ($1)`, [ids]);
    return ids.map((sectionId) => ({ ...whole(rows.find((row) => row.sectionId === sectionId)), sectionId }));
  },
  ({ sectionId }) => sectionId,
);

export async function gradebookRulesOf({ id, ...section }: SectionRow, { load }: Context): Promise<GradebookRulesRow> {
  const settings = await load(settingsOfSection, id);
  return { ...section, ...settings!, sectionId: id };
}

/** Of the office that acts for a teacher, a reason is asked. Refuses REASON_REQUIRED, REASON_TOO_LONG, TEXT_INVALID. */
export function reasonToward({ teacherIds }: SectionRow, reason: string | null | undefined, { viewer }: Context): string | null {
  const said = reasonOf(reason);
  if (said === null && !teacherIds.includes(viewer.subject))
    refuse('REASON_REQUIRED', 'You do not teach this section; to act for its teacher, give a reason.');
  return said;
}

/** Who: those who teach the section today; the office with a reason. Changes of one gradebook follow one another. */
export async function changeGradebook(input: ChangeGradebookInput, context: Context): Promise<GradebookRulesRow> {
  const { id: sectionId, ...section } = await sectionToGrade(input.sectionId, context);
  const reason = reasonToward({ id: sectionId, ...section }, input.reason, context);
  return context.write(async ({ query }) => {
    await query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [sectionId]);
    const [stored] = await query<Stored>(`select ${columns} from gradebook_rules where section_id = $1`, [sectionId]);
    const settings = await changedSettings(whole(stored), input, section.schoolId, query);
    await changeCategories(sectionId, input.categories ?? [], query);
    await checkWhole(sectionId, settings, query);
    await query(
      `insert into gradebook_rules (section_id, school_id, rules, cutoffs, rubric_id) values ($1, $2, $3, $4, $5)
         on conflict (section_id) do update set (rules, cutoffs, rubric_id) = (excluded.rules, excluded.cutoffs, excluded.rubric_id)`,
      [
        sectionId,
        section.schoolId,
        JSON.stringify(settings.rules),
        settings.cutoffs && JSON.stringify(settings.cutoffs),
        settings.rubricId,
      ],
    );
    return { ...section, sectionId, ...settings };
  }, reason);
}

async function changedSettings(
  before: Settings,
  input: ChangeGradebookInput,
  schoolId: string,
  query: Transaction['query'],
): Promise<Settings> {
  const rules = changedRules(before.rules, input);
  const cutoffs = input.cutoffs === undefined ? before.cutoffs : input.cutoffs && scaleOf(input.cutoffs);
  const rubricId = input.rubricId === undefined ? before.rubricId : input.rubricId;
  const named = [
    ...(input.cutoffs ? cutoffs! : []).map(({ mark }) => mark),
    ...(input.incompleteMark != null ? [input.incompleteMark] : []),
  ];
  if (named.length) checkMarks(named, await marksGivenIn(schoolId, query));
  if (input.rubricId != null) {
    const found = isUuid(input.rubricId)
      ? await query('select from rubric where id = $1 and (school_id is null or school_id = $2)', [input.rubricId, schoolId])
      : [];
    if (!found.length) refuse('RUBRIC_UNKNOWN', `There is no rubric ${input.rubricId} of this school or the district.`);
  }
  return { rules, cutoffs, rubricId };
}

async function changeCategories(sectionId: string, categories: readonly CategoryRulesInput[], query: Transaction['query']): Promise<void> {
  for (const { id, weight, dropLowest, extraCredit } of categories) {
    checkWeight(weight);
    checkDropLowest(dropLowest);
    const changed = isUuid(id)
      ? await query(
          `update category set weight = case when $3 then $4 else weight end, drop_lowest = coalesce($5, drop_lowest),
             extra_credit = coalesce($6, extra_credit) where id = $1 and section_id = $2 and withdrawn_on is null returning id`,
          [id, sectionId, weight !== undefined, weight ?? null, dropLowest ?? null, extraCredit ?? null],
        )
      : [];
    if (!changed.length) refuse('CATEGORY_UNKNOWN', `This section has no category ${id} of its own.`);
  }
}

/** What can only be judged of all settings together. Refuses WEIGHTS_INVALID, RUBRIC_REQUIRED. */
async function checkWhole(sectionId: string, { rules, rubricId }: Settings, query: Transaction['query']): Promise<void> {
  if (rules.method === 'STANDARDS' && !rubricId)
    refuse('RUBRIC_REQUIRED', 'A grade by standards needs the rubric that they are marked on (rubricId).');
  if (rules.method !== 'WEIGHTED' || rules.renormalize) return;
  const categories = await query<{ weight: number | null; extraCredit: boolean }>(
    `select weight, extra_credit as "extraCredit" from category c where c.withdrawn_on is null and (c.section_id = $1 or
       c.section_id is null and c.id in (select a.category_id from assignment a where a.section_id = $1 and a.withdrawn_on is null))`,
    [sectionId],
  );
  const fault = weightsFault(categories);
  if (fault) refuse('WEIGHTS_INVALID', `${fault} Set them together, or let them be taken in proportion (renormalize).`);
}
