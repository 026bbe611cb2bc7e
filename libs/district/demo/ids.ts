/** The sourcedIds of the demo district: short, readable, and within OneRoster's letters. Numbers inside count from 0, ids from 1. */
export const districtId = 'district-1';
export const studentId = (student: number) => `student-${student + 1}`;
export const contactId = (contact: number) => `contact-${contact + 1}`;
export const staffId = (member: number) => `staff-${member + 1}`;
export const householdId = (household: number) => `household-${household + 1}`;
export const courseId = (number: string) => `course-${number}`;
/** Classes are new every year. */
export const classId = (year: number, index: number) => `class-${year}-${index + 1}`;
export const workId = (year: number, index: number, period: number, place: number) =>
  `work-${year}-${index + 1}-${period + 1}-${place + 1}`;
