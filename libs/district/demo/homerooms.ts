/** Elementary schools: a homeroom of one grade stays together and with its teacher, except for physical education and music. */
import type { Weekday } from '@rollbook/school';
import { courseIndex } from './catalog.ts';
import { programsOf, type Population } from './people.ts';
import { classSize, grades, levelGrades } from './proportions.ts';
import type { Random } from './random.ts';
import type { School } from './schools.ts';
import { hire, type Staff } from './staff.ts';
import { everyDay, type PlannedClass } from './timetable.ts';

const oddDays: readonly Weekday[] = ['MONDAY', 'WEDNESDAY', 'FRIDAY'];
const evenDays: readonly Weekday[] = ['TUESDAY', 'THURSDAY'];
/** From so many students in special education on, a resource teacher joins a homeroom for language arts and mathematics. */
const coTaughtFrom = 5;

/** What the homerooms of one school share. */
interface Campus {
  school: School;
  population: Population;
  staff: Staff;
  homerooms: number;
  /** One of each for every six homerooms: they meet each in another period. */
  physicalEducation: number[];
  music: number[];
  /** Resource teachers, with the periods in which they are busy. */
  resource: { teacher: number; periods: Set<string> }[];
}

export function planHomerooms(school: School, population: Population, students: Uint32Array, staff: Staff, random: Random): PlannedClass[] {
  const campus: Campus = { school, population, staff, homerooms: 0, physicalEducation: [], music: [], resource: [] };
  return levelGrades.elementary.flatMap((grade) => {
    const ofGrade = random.shuffle(students.filter((student) => population.grade[student] === grade));
    const { wanted } = grade < 4 ? classSize.kindergartenToThird : classSize.fourthAndFifth;
    const count = Math.ceil(ofGrade.length / wanted);
    const share = (i: number) => Math.floor((ofGrade.length * i) / count);
    return Array.from({ length: count }, (_, i) => homeroom(campus, grade, ofGrade.slice(share(i), share(i + 1)).sort())).flat();
  });
}

function homeroom(campus: Campus, grade: number, roster: Uint32Array): PlannedClass[] {
  const { school, population, staff } = campus;
  const index = campus.homerooms++;
  const room = String(index + 1);
  const teacher = hire(staff, { school: school.index, position: 'teacher', department: 'Homeroom', room });
  const planned = (number: string, period: string, days: readonly Weekday[], by: number): PlannedClass => ({
    school: school.index,
    course: courseIndex(number),
    section: 0,
    semester: 0,
    period,
    days,
    teacher: by,
    coTeacher: -1,
    room: staff[by]!.room,
    roster,
  });

  const band = grade < 3 ? 'A' : 'B';
  const society = grade < 3 ? 'A' : grade < 5 ? 'B' : 'C';
  const own = [`E-ELA-${grades[grade]}`, `E-MATH-${grades[grade]}`, `E-SCI-${band}`, `E-SOC-${society}`, `E-ART-${band}`];
  const periods = school.periods.slice(1);
  const special = periods[index % periods.length]!;
  const classes = [planned('E-HOMEROOM', school.periods[0]!, everyDay, teacher)];
  periods.filter((period) => period !== special).forEach((period, place) => classes.push(planned(own[place]!, period, everyDay, teacher)));

  const inSpecialEducation = roster.filter((student) => programsOf(population, student).includes('SPED')).length;
  if (inSpecialEducation >= coTaughtFrom)
    for (const subject of classes.slice(1, 3)) subject.coTeacher = resourceTeacher(campus, subject.period);

  const group = Math.floor(index / periods.length);
  const specialist = (department: 'Physical Education' | 'Performing Arts', place: string) =>
    hire(staff, { school: school.index, position: 'teacher', department, room: `${place} ${group + 1}` });
  campus.physicalEducation[group] ??= specialist('Physical Education', 'Yard');
  campus.music[group] ??= specialist('Performing Arts', 'Music Room');
  classes.push(planned(`E-PE-${band}`, special, oddDays, campus.physicalEducation[group]));
  classes.push(planned(`E-MUS-${band}`, special, evenDays, campus.music[group]));
  return classes;
}

function resourceTeacher({ school, staff, resource }: Campus, period: string): number {
  let free = resource.find(({ periods }) => !periods.has(period));
  if (!free) {
    const teacher = hire(staff, { school: school.index, position: 'teacher', department: 'Special Education', room: 'Resource Room' });
    resource.push((free = { teacher, periods: new Set() }));
  }
  free.periods.add(period);
  return free.teacher;
}
