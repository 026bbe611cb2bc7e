import { holds, refuse } from '@rollbook/school';
import { batch, columnsOf, type Context, type Resolvers, type Transaction } from '@rollbook/subgraph';
import { schoolFor } from '../calendar/schools.ts';
import { checkReason } from '../sections/rules.ts';
import { CourseRequest, type RequestRow, type SheetRow } from './entities.ts';
import { offeringsOf, wantedOf, type Year } from './facts.ts';
import { importRequests } from './import.ts';
import { generateRequests, massEditRequests } from './manySheets.ts';
import { counselors, overrideOf, wantedFrom } from './counselors.ts';
import { setGraduationPlan, setTeachingCapacity } from './plansAndCapacity.ts';
import type { Wanted } from './rules.ts';
import { keepSheets, openOne, writeOne } from './sheets.ts';
import type {
  Arguments,
  ChangeRequestInput,
  OpenRequestSheetsInput,
  RequestCourseInput,
  SaveRequestsInput,
  WithdrawRequestInput,
} from '../schema.types.ts';

const mostSheets = 1_000;

/** Who: counselor or principal of the school, district administrator; so for all verbs here. */
async function openRequestSheets({ sheets, ...year }: OpenRequestSheetsInput, context: Context): Promise<readonly SheetRow[]> {
  await schoolFor(context, year.schoolId, counselors);
  if (sheets.length > mostSheets) refuse('TOO_MANY_ROWS', `At most ${mostSheets} sheets are opened at once, not ${sheets.length}.`);
  return context.write((tx) => keepSheets(tx, year, sheets));
}

/** Changes one sheet under its lock: `edit` is given what stands on it. */
async function editSheet(
  context: Context,
  { studentId, ...year }: Year & { readonly studentId: string },
  edit: (present: readonly Wanted[], row: SheetRow, tx: Transaction) => readonly Wanted[] | Promise<readonly Wanted[]>,
  override: string | null,
  reason: string | null = override,
): Promise<SheetRow> {
  return context.write(async (tx) => {
    const [row] = await keepSheets(tx, year, [{ studentId }]);
    const sheet = await openOne(tx, row!);
    const wanted = await edit(wantedOf(sheet.requests), row!, tx);
    return writeOne(tx, { sheet, wanted }, await offeringsOf(tx.query, year), override !== null);
  }, reason);
}

async function requestCourse({ override, ...input }: RequestCourseInput, context: Context): Promise<SheetRow> {
  const { schoolId, studentId, schoolYear } = input;
  await schoolFor(context, schoolId, counselors);
  const why = overrideOf(context, schoolId, override);
  return editSheet(context, { schoolId, studentId, schoolYear }, (present) => [...present, wantedFrom(input)], why);
}

const requestById = batch<string, RequestRow>(
  (ids, { read }) => read(`select ${columnsOf(CourseRequest, 'r')} from course_request r where r.id = any($1)`, [ids]),
  (request) => request.id,
);

async function requestFor(context: Context, requestId: string): Promise<RequestRow> {
  const request = await context.load(requestById, requestId);
  if (!request || !holds(context.viewer, counselors, request.schoolId))
    refuse('NOT_FOUND', `There is no request ${requestId} in a school where you are ${counselors.join(' or ')}.`);
  return request;
}

const noLonger = () => refuse('REQUEST_WITHDRAWN', 'The request was withdrawn; ask for the course again.');

async function changeRequest({ requestId, priority, alternateIds, override }: ChangeRequestInput, context: Context): Promise<SheetRow> {
  const request = await requestFor(context, requestId);
  const why = overrideOf(context, request.schoolId, override);
  const change = (present: readonly Wanted[]) => {
    if (!present.some(({ courseId }) => courseId === request.courseId)) noLonger();
    return present.map((wanted) =>
      wanted.courseId === request.courseId
        ? { ...wanted, priority: priority ?? wanted.priority, alternates: alternateIds ?? wanted.alternates }
        : wanted,
    );
  };
  return editSheet(context, request, change, why);
}

async function withdrawRequest({ requestId, reason }: WithdrawRequestInput, context: Context): Promise<SheetRow> {
  const why = checkReason(reason);
  const request = await requestFor(context, requestId);
  const withdraw = (present: readonly Wanted[]) => {
    const others = present.filter(({ courseId }) => courseId !== request.courseId);
    return others.length < present.length ? others : noLonger();
  };
  return editSheet(context, request, withdraw, null, why);
}

/** Two counselors at one sheet: the second is told what the first did, and saves nothing unseen. */
async function saveRequests({ baseRevision, requests, override, ...place }: SaveRequestsInput, context: Context): Promise<SheetRow> {
  await schoolFor(context, place.schoolId, counselors);
  const why = overrideOf(context, place.schoolId, override);
  const replace = async (_: readonly Wanted[], row: SheetRow, { query }: Transaction) => {
    if (row.revision !== baseRevision) await refuseAsChanged(query, row, baseRevision);
    return requests.map(wantedFrom);
  };
  return editSheet(context, place, replace, why);
}

async function refuseAsChanged(query: Transaction['query'], { id, revision }: SheetRow, baseRevision: number): Promise<never> {
  const [last] = await query<{ by: string; at: string }>(
    'select recorded_by as by, recorded_at as at from course_request where sheet_id = $1 order by recorded_at desc, id limit 1',
    [id],
  );
  return refuse(
    'CONFLICT',
    `The sheet was saved meanwhile: it is at revision ${revision}, and this save had seen ${baseRevision}. Read it again.`,
    { revision, changedBy: last?.by ?? null, changedAt: last ? new Date(last.at).toISOString() : null },
  );
}

export const requestVerbs: Resolvers<Arguments>['Mutation'] = {
  openRequestSheets: (_, { input }, context) => openRequestSheets(input, context),
  requestCourse: (_, { input }, context) => requestCourse(input, context),
  changeRequest: (_, { input }, context) => changeRequest(input, context),
  withdrawRequest: (_, { input }, context) => withdrawRequest(input, context),
  saveRequests: (_, { input }, context) => saveRequests(input, context),
  massEditRequests: (_, { input }, context) => massEditRequests(input, context),
  generateRequests: (_, { input }, context) => generateRequests(input, context),
  setGraduationPlan: (_, { input }, context) => setGraduationPlan(input, context),
  importRequests: (_, { input }, context) => importRequests(input, context),
  setTeachingCapacity: (_, { input }, context) => setTeachingCapacity(input, context),
};
