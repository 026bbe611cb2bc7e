import type { FileName } from './columns.ts';
import { refuse, warn } from './rows.ts';
import type { Frame, JudgedRow } from './rows.ts';
import { items } from './values.ts';

/** What the rows of one file must mean, each row taken by itself. Called only for rows whose values have the right form. */
export const semantics: Partial<Record<FileName, (frame: Frame, judged: JudgedRow) => void>> = {
  academicSessions(frame, judged) {
    const { startDate, endDate } = judged.row;
    if (endDate! > startDate!) return; // the end is the first day after the session
    refuse(
      frame,
      judged,
      'semantic.dates_reversed',
      'endDate',
      `the session ends ${endDate}, and does not begin before that but ${startDate}`,
    );
  },
  enrollments: datesInOrder,
  roles: datesInOrder,
  courses: subjectsPair,
  classes: subjectsPair,
  users(frame, judged) {
    const bad = items(judged.row.userIds!).find((item) => !/^\{[^:{}]+:[^{}]+\}$/.test(item.trim()));
    if (bad !== undefined) warn(frame, judged, 'semantic.invalid_user_id', 'userIds', `"${bad}" is not written {type:identifier}`);
  },
  lineItems(frame, judged) {
    const { resultValueMin: min, resultValueMax: max } = judged.row;
    if (min === '' || max === '' || Number(min) <= Number(max)) return;
    refuse(frame, judged, 'semantic.invalid_score_range', 'resultValueMin', `the minimum ${min} is above the maximum ${max}`);
  },
  scoreScales(frame, judged) {
    const bad = items(judged.row.scoreScaleValue!).find((item) => !/^\{[^:{}]+:[^{}]+\}$/.test(item.trim()));
    if (bad === undefined) return;
    refuse(frame, judged, 'semantic.invalid_score_scale_mapping', 'scoreScaleValue', `"${bad}" is not written {name:value}`);
  },
  lineItemLearningObjectiveIds: caseIdentifier,
  resultLearningObjectiveIds: caseIdentifier,
};

function datesInOrder(frame: Frame, judged: JudgedRow): void {
  const { beginDate, endDate } = judged.row;
  if (beginDate === '' || endDate === '' || endDate! >= beginDate!) return;
  refuse(frame, judged, 'semantic.dates_reversed', 'endDate', `the end ${endDate} comes before the beginning ${beginDate}`);
}

function subjectsPair(frame: Frame, judged: JudgedRow): void {
  const subjects = items(judged.row.subjects!).length;
  const codes = items(judged.row.subjectCodes!).length;
  if (subjects === codes) return;
  warn(frame, judged, 'semantic.subject_code_mismatch', 'subjectCodes', `${subjects} subjects, but ${codes} subject codes`);
}

function caseIdentifier(frame: Frame, judged: JudgedRow): void {
  const { source, learningObjectiveId } = judged.row;
  if (source !== 'case' || /^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(learningObjectiveId!)) return;
  const message = `"${learningObjectiveId}" is not a CASE identifier (urn:uuid: and a UUID)`;
  refuse(frame, judged, 'semantic.invalid_case_learning_objective_id', 'learningObjectiveId', message);
}
