/**
 * The history of the scores that an import wrote (the rows of "written"): one row of save for each section, its cells in key order.
 * `at` and `why` are SQL: when the request arrived, and what happened.
 */
export const keepHistory = (at: string, why: string) => {
  const listed = [
    'assignment_id',
    'student_id',
    'revision - 1',
    'points::text',
    'text_score',
    'status',
    'late',
    'missing',
    'incomplete',
    'comment',
  ];
  const arrays = [...listed.map((column) => `w.${column}`), 'w.withdrawn_on is not null'];
  return `insert into save (id, kind, school_id, section_id, received_at, reason, assignment_ids, student_ids, base_revisions, cell_values,
                            text_scores, statuses, lates, missings, incompletes, comments, withdrawns)
    select w.save_id, 'IMPORT', w.school_id, w.section_id, ${at}, ${why},
           ${arrays.map((value) => `array_agg(${value} order by w.assignment_id, w.student_id)`).join(', ')}
      from written w group by w.save_id, w.school_id, w.section_id`;
};
