/** Assignments, scores and marks. What a student earns in a class hangs together: scores vary around it, and marks follow from it. */
import { addDays, type IsoDate } from '@rollbook/school';
import { catalog, type Department } from './catalog.ts';
import type { Term } from './calendar.ts';
import { classId, studentId, workId } from './ids.ts';
import { ability, entryDay } from './people.ts';
import type { DistrictPlan } from './plan.ts';
import { markCuts, markShares, workExempt, workLate, workMissing } from './proportions.ts';
import { hash, hashUnit } from './random.ts';
import { termOf, type Row } from './rows.ts';
import type { PlannedClass } from './timetable.ts';

const kinds = [
  { id: 'homework', title: 'Homework', one: 'Homework', weight: 20, points: 10 },
  { id: 'classwork', title: 'Classwork', one: 'Classwork', weight: 30, points: 20 },
  { id: 'quizzes', title: 'Quizzes', one: 'Quiz', weight: 15, points: 25 },
  { id: 'tests', title: 'Tests and Projects', one: 'Test', weight: 35, points: 100 },
] as const;

const topics: Record<Department, readonly string[]> = {
  English: [
    'Theme and evidence',
    'Argument essay',
    'Vocabulary in context',
    'Character study',
    'Poetry response',
    'Research notes',
    'Rhetorical analysis',
  ],
  Mathematics: ['Linear relations', 'Ratios', 'Solving equations', 'Functions', 'Geometry of shapes', 'Data displays', 'Problem set'],
  Science: ['Lab report', 'Energy and matter', 'Cells and systems', 'Earth and climate', 'Forces', 'Modeling task', 'Experiment design'],
  'Social Science': [
    'Primary sources',
    'Map work',
    'Cause and effect',
    'Debate preparation',
    'Timeline',
    'Document analysis',
    'Current events',
  ],
  'World Languages': ['Greetings and family', 'Verb practice', 'Listening', 'Conversation', 'Culture notes', 'Short essay', 'Reading'],
  'Visual Arts': ['Line and form', 'Color study', 'Sketchbook', 'Portrait', 'Critique', 'Portfolio piece'],
  'Performing Arts': [
    'Rehearsal log',
    'Scales and sight reading',
    'Ensemble part',
    'Performance reflection',
    'Music history',
    'Monologue or solo',
  ],
  'Physical Education': ['Fitness log', 'Mile run', 'Team skills', 'Health goals', 'Rules of the game', 'Stretching routine'],
  'Career Technical Education': ['Safety test', 'Project plan', 'Prototype', 'Tools and methods', 'Client brief', 'Demonstration'],
  'Special Education': ['Study plan', 'Organization check', 'Reading goals', 'Math goals', 'Self-advocacy'],
  Electives: ['Reflection', 'Planner check', 'Group project', 'Service log', 'Presentation'],
  Homeroom: [
    'Reading response',
    'Number talk',
    'Spelling',
    'Word problems',
    'Science journal',
    'My community',
    'Fractions',
    'Story writing',
  ],
};

export function* categories(): Generator<Row> {
  for (const { id, title, weight } of kinds) yield { sourcedId: `category-${id}`, title, weight: String(weight) };
}

interface Work {
  sourcedId: string;
  title: string;
  kind: (typeof kinds)[number];
  assigned: IsoDate;
  due: IsoDate;
  gradingPeriod: Term;
  /** A number of its own among the work of its class. */
  number: number;
}

/** Is there graded work in this class? Homeroom is for the roll. */
const isGraded = ({ period }: PlannedClass): boolean => period !== 'HR';

/** The work that a class has been given so far, oldest first. */
function* workOf(plan: DistrictPlan, planned: PlannedClass, index: number): Generator<Work> {
  const { year, assignments, seed, today } = plan;
  const { start, end } = termOf(plan, planned);
  const { department } = catalog[planned.course]!;
  for (const [quarter, gradingPeriod] of year.gradingPeriods.entries()) {
    if (gradingPeriod.start < start || gradingPeriod.start >= end) continue;
    const days = year.schoolDays.filter(({ date }) => date >= gradingPeriod.start && date < gradingPeriod.end);
    for (let place = 0; place < assignments; place++) {
      const number = quarter * assignments + place;
      const drawn = hash(seed, 701, index, number);
      const dueDay = Math.min(days.length - 1, Math.floor((days.length * (place + 1)) / (assignments + 1)) + (drawn % 4));
      const due = days[dueDay]!.date;
      const assigned = days[Math.max(0, dueDay - 1 - (Math.floor(drawn / 8) % 4))]!.date;
      if (assigned > today) return;
      const kind = kinds[(place + Math.floor(drawn / 64)) % kinds.length]!;
      const list = topics[department];
      const title = `${kind.one} ${number + 1}: ${list[Math.floor(drawn / 512) % list.length]}`;
      yield { sourcedId: workId(year.year, index, quarter, place), title, kind, assigned, due, gradingPeriod, number };
    }
  }
}

export function* lineItems(plan: DistrictPlan): Generator<Row> {
  for (const [index, planned] of plan.classes.entries()) {
    if (!isGraded(planned)) continue;
    for (const work of workOf(plan, planned, index)) {
      yield {
        sourcedId: work.sourcedId,
        title: work.title,
        assignDate: work.assigned,
        dueDate: work.due,
        classSourcedId: classId(plan.year.year, index),
        categorySourcedId: `category-${work.kind.id}`,
        academicSessionSourcedId: work.gradingPeriod.sourcedId,
        resultValueMin: '0',
        resultValueMax: String(work.kind.points),
        schoolSourcedId: plan.schools[planned.school]!.sourcedId,
      };
    }
  }
}

/** A result for every student and every piece of work that was due before today. */
export function* results(plan: DistrictPlan): Generator<Row> {
  for (const [index, planned] of plan.classes.entries()) {
    if (!isGraded(planned)) continue;
    const classSourcedId = classId(plan.year.year, index);
    const dueWork = [...workOf(plan, planned, index)].filter(({ due }) => due < plan.today);
    for (const student of planned.roster) {
      const came = plan.year.schoolDays[entryDay(plan.population, student)]!.date;
      const usual = percentIn(plan, student, planned.course);
      for (const work of dueWork) if (work.due >= came) yield result(plan, student, work, classSourcedId, index, usual);
    }
  }
}

function result(plan: DistrictPlan, student: number, work: Work, classSourcedId: string, index: number, usual: number): Row {
  const { seed, today } = plan;
  const base = {
    sourcedId: `${work.sourcedId}.${studentId(student)}`,
    lineItemSourcedId: work.sourcedId,
    studentSourcedId: studentId(student),
    classSourcedId,
  };
  const fate = hashUnit(seed, 702, student, index * 256 + work.number);
  const noise = hashUnit(seed, 703, student, index * 256 + work.number);
  const graded = addDays(work.due, 1 + Math.floor(noise * 5));
  const scoreDate = graded < today ? graded : today;
  if (fate < workExempt) return { ...base, scoreStatus: 'exempt', scoreDate };
  if (fate < workExempt + workMissing * (usual < 70 ? 3 : 0.6))
    return { ...base, scoreStatus: 'not submitted', scoreDate, missing: 'true' };
  const late = fate > 1 - workLate ? 'true' : 'false';
  if (graded >= today) return { ...base, scoreStatus: 'submitted', scoreDate, late };
  // Never above the maximum: the standard knows no extra credit.
  const percent = Math.max(15, Math.min(100, usual + (noise - 0.5) * 22));
  const score = Math.floor((percent * work.kind.points) / 50 + 0.5) / 2;
  return { ...base, scoreStatus: 'fully graded', score: String(score), scoreDate, late, missing: 'false' };
}

export type Mark = keyof typeof markShares;
const marksUpward: readonly Mark[] = ['F', 'D', 'C', 'B', 'A'];

/**
 * The percentage a student earns in a course. Two times of three it follows from the student alone, else from chance: the mixture of two even
 * distributions is even, so the shares of marks come out as `markShares` says.
 */
function percentIn({ population, seed }: DistrictPlan, student: number, course: number): number {
  let rank = hashUnit(seed, 704, student, course) < 0.66 ? ability(population, student) : hashUnit(seed, 705, student, course);
  for (const mark of marksUpward) {
    const share = markShares[mark];
    const [from, to] = mark === 'F' ? [38, markCuts.D] : [markCuts[mark], mark === 'A' ? 100 : markCuts[mark] + 10];
    if (rank < share || mark === 'A') return from + ((to - from) * Math.min(rank, share)) / share;
    rank -= share;
  }
  return 100;
}

export interface StudentMark {
  classSourcedId: string;
  gradingPeriodSourcedId: string;
  studentSourcedId: string;
  mark: Mark;
  /** Percent of the points earned, with one decimal. */
  percent: number;
  /** False while the grading period is still running. */
  final: boolean;
}

/** Marks of the grading periods that are over or running, for every student who was there before the period's last day. */
export function* marks(plan: DistrictPlan): Generator<StudentMark> {
  const { year, today, seed, population } = plan;
  for (const [index, planned] of plan.classes.entries()) {
    if (!isGraded(planned)) continue;
    const { start, end } = termOf(plan, planned);
    for (const [quarter, gradingPeriod] of year.gradingPeriods.entries()) {
      if (gradingPeriod.start < start || gradingPeriod.start >= end || gradingPeriod.start > today) continue;
      for (const student of planned.roster) {
        const came = year.schoolDays[entryDay(population, student)]!.date;
        if (came >= gradingPeriod.end || came > today) continue;
        const drift = (hashUnit(seed, 706, student, index * 4 + quarter) - 0.5) * 5;
        const percent = Math.max(0, Math.min(100, Math.floor((percentIn(plan, student, planned.course) + drift) * 10) / 10));
        yield {
          classSourcedId: classId(year.year, index),
          gradingPeriodSourcedId: gradingPeriod.sourcedId,
          studentSourcedId: studentId(student),
          mark: (['A', 'B', 'C', 'D'] as const).find((mark) => percent >= markCuts[mark]) ?? 'F',
          percent,
          final: gradingPeriod.end <= today,
        };
      }
    }
  }
}
