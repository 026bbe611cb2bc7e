import { mayRead, type Subject } from '@rollbook/school';
import { batch, columnsOf, connectionOf, pageArguments, type Context, type PageArguments } from '@rollbook/subgraph';
import type { EnrollmentRow } from '../marks/enrollments.ts';
import { Score, type ScoreRow } from './entities.ts';

const columns = columnsOf(Score, 's');

export const scoreSubject = ({ schoolId, studentId, teacherIds }: ScoreRow): Subject => ({ schoolIds: [schoolId], studentId, teacherIds });

const scoreById = batch<string, ScoreRow>(
  (ids, { read, now }) =>
    read(
      `select ${columns}, coalesce(teachers_at(r, $2), '{}') as "teacherIds"
         from score s left join section_roster r on r.section_id = s.section_id where s.id = any($1) and s.withdrawn_on is null`,
      [ids, now().toISOString()],
    ),
  (score) => score.id,
);

export const findScore = (id: string, { load }: Context): Promise<ScoreRow | null> => load(scoreById, id);

interface Place {
  readonly sectionId: string;
  readonly studentId: string;
  readonly after: string[] | null;
  readonly limit: number;
}

type ScoreInPlace = ScoreRow & { readonly dueOn: string | null };

/** Students' scores in a section, the assignment that is due last first: a whole class in one statement. */
const scoresOfPlaces = batch<Place, Place & { scores: readonly ScoreInPlace[] }>(
  async (places, { read }) => {
    const rows = await read<ScoreInPlace & { n: number }>(
      `select k.n::integer as n, s.* from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::integer[])
           with ordinality k (section_id, student_id, after_due, after_id, size, n)
         cross join lateral
           (select ${columns}, a.due_on as "dueOn" from score s join assignment a on a.id = s.assignment_id
             where s.student_id = k.student_id and s.section_id = k.section_id and s.withdrawn_on is null and a.withdrawn_on is null
               and (k.after_id is null or (coalesce(a.due_on, '-infinity'), s.id) < (k.after_due::date, k.after_id))
             order by coalesce(a.due_on, '-infinity') desc, s.id desc limit k.size) s`,
      [
        places.map(({ sectionId }) => sectionId),
        places.map(({ studentId }) => studentId),
        places.map(({ after }) => after?.[0] ?? null),
        places.map(({ after }) => after?.[1] ?? null),
        places.map(({ limit }) => limit),
      ],
    );
    return places.map((place, index) => ({ ...place, scores: rows.filter(({ n }) => n === index + 1) }));
  },
  ({ sectionId, studentId, after, limit }) => ({ sectionId, studentId, after, limit }),
  (place) => JSON.stringify([place.sectionId, place.studentId, place.after, place.limit]),
);

/** A page of what a student earned in a section. */
export async function scoresOf({ sectionId, studentId, teacherIds }: EnrollmentRow, page: PageArguments, { load, viewer }: Context) {
  const { after, limit } = pageArguments(page, ['date', 'uuid']);
  const found = await load(scoresOfPlaces, { sectionId, studentId, after, limit });
  const scores = (found?.scores ?? []).map((score) => ({ ...score, teacherIds }));
  const seen = scores.filter((score) => mayRead(viewer, 'GRADES', scoreSubject(score)));
  return connectionOf(seen, limit, (score) => [score.dueOn ?? '-infinity', score.id]);
}
