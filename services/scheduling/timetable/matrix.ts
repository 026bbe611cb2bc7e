import type { ScenarioRow } from './entities.ts';
import { judge } from './judging.ts';
import type { Planned } from './schoolOf.ts';

/** Of many thousands of pairs, the ones that a placement cannot ignore. */
const mostPairs = 500;

/** Which courses the students of a scenario's school year ask for together, as the graph's ConflictMatrix has it. */
export async function matrixOf({ schoolId }: ScenarioRow, planned: Planned) {
  const { courses, pairs, singletons, doubletons } = await judge('matrix', planned);
  const pair = (courseId: string, otherId: string, students: number) => ({ schoolId, courseId, otherId, students });
  const rare = ({ courseId, requests, conflicts }: (typeof singletons)[number]) => ({
    ...{ schoolId, courseId, requests },
    conflicts: conflicts.map((other) => pair(courseId, other.courseId, other.students)),
  });
  return {
    schoolId,
    demands: courses.map(({ courseId, requests, asAlternate, sections, seats }) => ({
      ...{ schoolId, courseId, requests, asAlternate, sections, seats },
    })),
    pairs: pairs.slice(0, mostPairs).map(({ a, b, students }) => pair(a, b, students)),
    singletons: singletons.map(rare),
    doubletons: doubletons.map(rare),
  };
}
