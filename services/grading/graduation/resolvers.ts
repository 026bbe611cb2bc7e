import { isUuid, mayRead, refuse } from '@rollbook/school';
import { columnsOf, type Slice } from '@rollbook/subgraph';
import type { Arguments } from '../schema.types.ts';
import { transcriptOf } from '../transcripts/read.ts';
import { auditOf, plannedCourses, studentsNotOnTrack, type AuditRow, type NotOnTrackRow, type ShownException } from './audits.ts';
import { DiplomaException, DiplomaPlan, type PlanRow } from './entities.ts';
import type { Audited, Share, Source } from './rules.ts';
import { grantDiplomaException, setDiplomaPlan, withdrawDiplomaException } from './verbs.ts';

interface About {
  readonly studentId: string;
  readonly schoolIds: readonly string[];
}
/** About a student, for the offices that keep the records and the family, as transcripts are. */
const aboutStudent = ({ studentId, schoolIds }: About) => ({ studentId, schoolIds, teacherIds: [] });
const studentOf = ({ studentId, schoolIds }: About) => ({ id: studentId, schoolIds, teacherIds: [] });
const published = () => ({ schoolIds: null });
/** Whose a part of an audit is. */
const whose = ({ studentId, schoolIds }: About): About => ({ studentId, schoolIds });
const shareOf = (about: About) => (share: Share) => ({ ...whose(about), ...share.source, credits: share.credits });

export const graduation: Slice<Arguments> = {
  entities: [DiplomaPlan, DiplomaException],
  subjects: {
    ...{ GraduationAudit: aboutStudent, AuditedRequirement: aboutStudent, CreditShare: aboutStudent, DiplomaException: aboutStudent },
    ...{ DiplomaPlan: published, DiplomaRequirement: published },
    StudentNotOnTrack: ({ studentId, schoolId }: NotOnTrackRow) => aboutStudent({ studentId, schoolIds: [schoolId] }),
  },
  refusals: { diploma_plan_year: ['PLAN_INVALID', 'A class is named by the year in which it graduates: between 1900 and 2200.'] },
  resolvers: {
    Query: {
      graduationAudit: async (_, { studentId, planned }, context) => {
        const transcript = isUuid(studentId) ? await context.load(transcriptOf, studentId) : null;
        if (!transcript || !mayRead(context.viewer, 'GRADES', aboutStudent(transcript))) return null;
        const courses = await plannedCourses(planned ?? [], context);
        return (await auditOf(studentId, courses, context)) ?? refuse('PLAN_MISSING', 'No plan holds for the class of this student.');
      },
      diplomaPlans: (_, { schoolId }, { read }) =>
        isUuid(schoolId)
          ? read<PlanRow>(
              `select ${columnsOf(DiplomaPlan, 'd')} from diploma_plan d where d.school_id is null or d.school_id = $1
                 order by d.class_year desc, d.school_id nulls last`,
              [schoolId],
            )
          : [],
      studentsNotOnTrack: (_, args, context) => studentsNotOnTrack(args, context),
    },
    Mutation: {
      setDiplomaPlan: (_, { input }, context) => setDiplomaPlan(input, context),
      grantDiplomaException: (_, { input }, context) => grantDiplomaException(input, context),
      withdrawDiplomaException: (_, { input }, context) => withdrawDiplomaException(input, context),
    },
    GraduationAudit: {
      student: studentOf,
      requirements: (row: AuditRow) => row.audited.map((audited) => ({ ...whose(row), ...audited, granted: row.exceptions })),
      unused: (row: AuditRow) => row.unused.map((source: Source) => ({ ...whose(row), ...source })),
      missing: ({ missing }: AuditRow) => missing,
      status: ({ status }: AuditRow) => status,
      plan: ({ plan }: AuditRow) => plan,
      classYear: ({ classYear }: AuditRow) => classYear,
    },
    AuditedRequirement: {
      met: ({ earned, required }: Audited) => Number(earned) >= Number(required),
      records: (row: Audited & About) => row.records.map(shareOf(row)),
      inProgress: (row: Audited & About) => row.inProgress.map(shareOf(row)),
      planned: (row: Audited & About) => row.planned.map(shareOf(row)),
      exceptions: ({ granted, requirement }: Audited & { granted: readonly ShownException[] }) =>
        granted.filter((each) => each.requirement === requirement.key),
    },
    DiplomaPlan: {
      school: ({ schoolId }: PlanRow) => (schoolId ? { id: schoolId } : null),
    },
    DiplomaException: {
      student: studentOf,
      recordedBy: ({ recordedBy }: ShownException) => ({ id: recordedBy }),
      recordedAt: ({ recordedAt }: ShownException) => recordedAt,
    },
    StudentNotOnTrack: {
      student: ({ studentId, schoolId }: NotOnTrackRow) => studentOf({ studentId, schoolIds: [schoolId] }),
    },
  },
};
