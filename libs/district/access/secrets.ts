import { systemViewer, type FieldClass } from '@rollbook/school';
import type { Subgraph } from '@rollbook/subgraph';

/** A text that is nobody else's: found in an answer, it tells which record leaked, of which class. */
export interface Secret {
  readonly fieldClass: FieldClass;
  /** The id of the record; of what a roll says, the ids of roll and student. */
  readonly of: string;
}

const pattern = /secret-([a-z]+)-([0-9a-f]{8}-[0-9a-f-]{27}(?: [0-9a-f]{8}-[0-9a-f-]{27})?)/gi;

/** Writes secrets over what people would type: names, addresses, birth dates, comments, titles. */
export async function hideSecrets(subgraphs: Readonly<Record<string, Subgraph>>): Promise<void> {
  const write = (service: string, ...statements: string[]) =>
    subgraphs[service]!.database.transaction(systemViewer, 'secrets', async ({ query }) => {
      for (const statement of statements) await query(statement);
    });
  const set = (table: string, columns: Partial<Record<FieldClass, string>>, id = 'id') => {
    const named = Object.entries(columns).flatMap(([fieldClass, names]) => names.split(' ').map((name) => [name, fieldClass] as const));
    return `update ${table} set ${named.map(([name, fieldClass]) => `${name} = 'secret-${fieldClass}-' || ${id}`).join(', ')}`;
  };
  await write(
    'student',
    set('student', { DIRECTORY: 'middle_name family_name local_id', CONTACT: 'username email phone sms pronouns' }),
    set('demographics', { CONTACT: 'city_of_birth country_of_birth state_of_birth' }, 'student_id'),
    `update demographics set birth_date = date '1907-01-01' + n::int from (select student_id, row_number() over (order by student_id) - 1 as n from demographics) x
       where x.student_id = demographics.student_id`,
    set('contact', { CONTACT: 'given_name family_name email phone sms' }),
    set('household', { CONTACT: 'street unit city phone' }),
    // What the demo district leaves blank.
    `update contact set languages = '{es}'`,
    `update contact_relation set lives_with = true, may_pick_up = true where custody is distinct from 'BARRED'`,
    `update residence set ends = '2027-07-01' where ends is null`,
    `update role_grant set ends = '2027-07-01' where ends is null`,
  );
  await write(
    'grading',
    set('mark', { GRADES: 'comment' }),
    set('score', { GRADES: 'comment text_score' }),
    set('assignment', { GRADES: 'title description' }),
    `${set('category', { GRADES: 'title' })} where section_id is not null`,
    // A conflict is kept as it is: more of them, with secrets.
    `insert into conflict select (jsonb_populate_record(c, jsonb_build_object('id', n.id, 'lost', c.lost || n.secret, 'found', c.found || n.secret))).*
       from conflict c cross join lateral
         (select id, jsonb_build_object('comment', 'secret-GRADES-' || id) as secret from (select uuidv7() as id where c.id is not null) x) n`,
  );
  await write('attendance', set('roll_entry', { ATTENDANCE: 'taken_comment office_comment' }, `roll_id || ' ' || student_id`));
}

/** The secrets in a text, those inside the cursors of its lists included. */
export function secretsIn(text: string): Secret[] {
  const cursors = [...text.matchAll(/"(?:cursor|endCursor)":"([\w-]+)"/g)].map(([, cursor]) =>
    Buffer.from(cursor!, 'base64url').toString(),
  );
  const found = [text, ...cursors].flatMap((part) => [...part.matchAll(pattern)]);
  return found.map(([, fieldClass, of]) => ({ fieldClass: fieldClass!.toUpperCase() as FieldClass, of: of! }));
}

const bornAsSecret = /"(19(?:07|08)-\d\d-\d\d)"/g;

/** Birth dates are secrets too: each student's is a day of its own in 1907. */
export const birthDatesIn = (text: string): string[] => [...text.matchAll(bornAsSecret)].map(([, date]) => date!);
