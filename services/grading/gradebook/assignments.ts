import { isUuid, type Subject } from '@rollbook/school';
import { batch, columnsOf, connectionOf, pageArguments, type Context, type PageArguments } from '@rollbook/subgraph';
import { aboutSection, ownStudents } from '../rosters/resolvers.ts';
import { Assignment, Category, type AssignmentRow, type CategoryRow } from './entities.ts';

const columns = columnsOf(Assignment, 'a');

/** Who teaches a section today, and who of the viewer's students sits in it; nobody while scheduling has not told of the section. */
const ofSection = `coalesce(teachers_at(r, $1), '{}') as "teacherIds", ${ownStudents} as "studentIds"`;

/** Assignments with those who decide who may read them. */
const readAssignments = (where: string, params: readonly unknown[], { read, now }: Context) =>
  read<AssignmentRow>(
    `select ${columns}, ${ofSection}
       from assignment a left join section_roster r on r.section_id = a.section_id ${where}`,
    [now().toISOString(), ...params],
  );

const assignmentById = batch<string, AssignmentRow>(
  (ids, context) => readAssignments('where a.id = any($2)', [ids], context),
  (assignment) => assignment.id,
);

export const findAssignment = async (id: string, { load }: Context): Promise<AssignmentRow | null> =>
  isUuid(id) ? load(assignmentById, id) : null;

/** A section's assignments, the one that is due last first; those without a date at the end. */
export async function assignmentsOf(sectionId: string, page: PageArguments, context: Context) {
  const { after, limit } = pageArguments(page, ['date', 'uuid']);
  const rows = await readAssignments(
    `where a.section_id = $2 and a.withdrawn_on is null
       and ($3::text[] is null or (coalesce(a.due_on, '-infinity'), a.id) < ($3[1]::date, $3[2]::uuid))
     order by coalesce(a.due_on, '-infinity') desc, a.id desc limit $4`,
    [sectionId, after, limit],
    context,
  );
  return connectionOf(rows, limit, (assignment) => [assignment.dueOn ?? '-infinity', assignment.id]);
}

const categoryColumns = `${columnsOf(Category, 'c')}, ${ofSection}`;

/** A category of the whole district is a fact of the institution. */
export const categorySubject = ({ schoolId, ...section }: CategoryRow): Subject =>
  schoolId ? aboutSection({ schoolId, ...section }) : { schoolIds: null };

const categoryById = batch<string, CategoryRow>(
  (ids, { read, now }) =>
    read(`select ${categoryColumns} from category c left join section_roster r on r.section_id = c.section_id where c.id = any($2)`, [
      now().toISOString(),
      ids,
    ]),
  (category) => category.id,
);

export const findCategory = async (id: string, { load }: Context): Promise<CategoryRow | null> =>
  isUuid(id) ? load(categoryById, id) : null;

interface CategoriesOfSection {
  readonly sectionId: string;
  readonly categories: readonly CategoryRow[];
}

/** A section's own categories, and those of the district that its assignments belong to. */
export const categoriesOfSection = batch<string, CategoriesOfSection>(
  async (ids, { read, now }) => {
    const rows = await read<CategoryRow & { of: string }>(
      `select s.id as of, ${categoryColumns} from unnest($2::uuid[]) s (id)
         join category c on c.withdrawn_on is null and (c.section_id = s.id or
           c.id in (select a.category_id from assignment a where a.section_id = s.id and a.withdrawn_on is null))
         left join section_roster r on r.section_id = c.section_id
        order by c.title, c.id`,
      [now().toISOString(), ids],
    );
    return ids.map((sectionId) => ({ sectionId, categories: rows.filter(({ of }) => of === sectionId) }));
  },
  ({ sectionId }) => sectionId,
);
