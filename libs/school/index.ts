/** The words that every service shares. Imports nothing. */
export { Refused, refuse } from './refused.ts';
export {
  roles,
  staffRoles,
  fieldClasses,
  access,
  rolesToward,
  mayRead,
  type FieldClass,
  type Role,
  type RoleGrant,
  type Subject,
  type Viewer,
  holds,
  isDistrictWide,
  schoolsOf,
  systemViewer,
} from './viewer.ts';
export { addDays, dayOfWeek, daysBetween, isDate, laterOf, todayIn, weekdays, type IsoDate, type Weekday } from './dates.ts';
export { schoolYearOf } from './schoolYear.ts';
export { isUuid, sourcedUuid } from './ids.ts';
