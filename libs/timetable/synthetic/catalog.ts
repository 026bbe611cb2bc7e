/**
 * The courses that the synthetic high school can offer: those that students need by grade and lane (steps of a plan of study), and
 * electives with the number of sections that a school of 3,200 students has of them.
 */

export interface CatalogCourse {
  readonly title: string;
  readonly field: Field;
  readonly grades: readonly number[];
  readonly term: 'YEAR' | 'SEMESTER';
  /** Periods in a row. */
  readonly periods: 1 | 2;
  readonly seats: number;
  /** Sections in a school of 3,200 students; 0: as many as the students' plans of study need. */
  readonly sections: number;
  /** The title of the course that comes before it. */
  readonly after: string | null;
  /** What a student takes where too few want this course; null: an elective. */
  readonly instead: string | null;
  /** Who draws students to it: the track of study in which it is taken ten times as often. */
  readonly track: Track | null;
}

export const tracks = ['science', 'humanities', 'arts', 'trades', 'health', 'business'] as const;
export type Track = (typeof tracks)[number];

/** A field of study: whose department staffs it, what room it needs and how many seats a section of it has. */
export const fields = {
  English: { department: 'English', roomGroup: 'classroom', seats: 33 },
  'English language development': { department: 'English', roomGroup: 'classroom', seats: 26 },
  Mathematics: { department: 'Mathematics', roomGroup: 'classroom', seats: 33 },
  Science: { department: 'Science', roomGroup: 'science laboratory', seats: 33 },
  'Social studies': { department: 'Social studies', roomGroup: 'classroom', seats: 33 },
  'World languages': { department: 'World languages', roomGroup: 'classroom', seats: 33 },
  'Physical education': { department: 'Physical education', roomGroup: 'gymnasium', seats: 42 },
  Health: { department: 'Physical education', roomGroup: 'classroom', seats: 35 },
  'Visual arts': { department: 'Arts', roomGroup: 'art studio', seats: 34 },
  Music: { department: 'Performance', roomGroup: 'music room', seats: 38 },
  Theatre: { department: 'Performance', roomGroup: 'stage', seats: 34 },
  Workshops: { department: 'Technical education', roomGroup: 'workshop', seats: 34 },
  Computing: { department: 'Technical education', roomGroup: 'computer laboratory', seats: 34 },
  Business: { department: 'Business', roomGroup: 'computer laboratory', seats: 34 },
  'Health careers': { department: 'Careers', roomGroup: 'classroom', seats: 34 },
  'Home economics': { department: 'Careers', roomGroup: 'kitchen', seats: 34 },
  Agriculture: { department: 'Careers', roomGroup: 'workshop', seats: 34 },
  'Special education': { department: 'Special education', roomGroup: 'classroom', seats: 16 },
  School: { department: 'School', roomGroup: 'classroom', seats: 34 },
} as const;
export type Field = keyof typeof fields;

const all = [9, 10, 11, 12];
const from = (grade: number): number[] => all.filter((one) => one >= grade);

function course(title: string, field: Field, rest: Partial<CatalogCourse> = {}): CatalogCourse {
  const usual = {
    grades: all,
    term: 'YEAR',
    periods: 1,
    seats: fields[field].seats,
    sections: 0,
    after: null,
    instead: null,
    track: null,
  } as const;
  return { ...usual, title, field, ...rest };
}

/** Courses of which a student takes one after the other, in rising grades; the last may be a double period. */
function ladder(
  title: string,
  field: Field,
  sections: readonly number[],
  track: Track | null = null,
  lastIsDouble = false,
): CatalogCourse[] {
  return sections.map((count, index) =>
    course(`${title} ${index + 1}`, field, {
      sections: count,
      track,
      grades: from(Math.min(9 + index, 12)),
      after: index ? `${title} ${index}` : null,
      periods: lastIsDouble && index === sections.length - 1 ? 2 : 1,
    }),
  );
}

const semesters = (field: Field, track: Track | null, sectionsOf: Readonly<Record<string, number>>, grades = all): CatalogCourse[] =>
  Object.entries(sectionsOf).map(([title, sections]) => course(title, field, { sections, track, grades, term: 'SEMESTER' }));

const years = (field: Field, track: Track | null, sectionsOf: Readonly<Record<string, number>>, grades = all): CatalogCourse[] =>
  Object.entries(sectionsOf).map(([title, sections]) => course(title, field, { sections, track, grades }));

/** A step of a plan of study; who cannot have it, since too few want it, takes `instead`. */
const step = (title: string, field: Field, instead: string | null = null, rest: Partial<CatalogCourse> = {}): CatalogCourse =>
  course(title, field, { instead, ...rest });

const language = (name: string, levels: number): CatalogCourse[] =>
  Array.from({ length: levels }, (_, index) =>
    step(`${name} ${index + 1}`, 'World languages', name === 'Spanish' ? null : `Spanish ${index + 1}`),
  );

const plansOfStudy: readonly CatalogCourse[] = [
  ...['English 9', 'English 10', 'English 11', 'English 12'].map((title) => step(title, 'English')),
  step('English 9 Honors', 'English', 'English 9'),
  step('English 10 Honors', 'English', 'English 10'),
  step('AP English Language', 'English', 'English 11'),
  step('AP English Literature', 'English', 'English 12'),
  step('English Language Development 1', 'English language development'),
  step('English Language Development 2', 'English language development', 'English Language Development 1'),
  step('English Language Development 3', 'English language development', 'English Language Development 2'),
  ...['Algebra 1', 'Geometry', 'Algebra 2', 'Precalculus'].map((title) => step(title, 'Mathematics')),
  step('Statistics', 'Mathematics', 'Precalculus'),
  step('Geometry Honors', 'Mathematics', 'Geometry'),
  step('Algebra 2 Honors', 'Mathematics', 'Algebra 2'),
  step('Precalculus Honors', 'Mathematics', 'Precalculus'),
  step('AP Calculus AB', 'Mathematics', 'Precalculus'),
  step('AP Calculus BC', 'Mathematics', 'AP Calculus AB'),
  step('AP Statistics', 'Mathematics', 'Statistics'),
  ...['Biology', 'Chemistry', 'Physics'].map((title) => step(title, 'Science')),
  step('Environmental Science', 'Science', 'Physics'),
  step('Anatomy and Physiology', 'Science', 'Physics'),
  step('Biology Honors', 'Science', 'Biology'),
  step('Chemistry Honors', 'Science', 'Chemistry'),
  step('AP Biology', 'Science', 'Physics', { periods: 2 }),
  step('AP Chemistry', 'Science', 'Physics', { periods: 2 }),
  step('AP Physics 1', 'Science', 'Physics'),
  step('AP Physics C', 'Science', 'AP Physics 1'),
  step('AP Environmental Science', 'Science', 'Environmental Science'),
  ...['World Geography', 'World History', 'United States History'].map((title) => step(title, 'Social studies')),
  step('Government', 'Social studies', null, { term: 'SEMESTER' }),
  step('Economics', 'Social studies', null, { term: 'SEMESTER' }),
  step('AP Human Geography', 'Social studies', 'World Geography'),
  step('AP World History', 'Social studies', 'World History'),
  step('AP United States History', 'Social studies', 'United States History'),
  step('AP Government', 'Social studies', 'Government', { term: 'SEMESTER' }),
  step('AP Economics', 'Social studies', 'Economics', { term: 'SEMESTER' }),
  step('Physical Education 9', 'Physical education'),
  step('Physical Education 10', 'Physical education'),
  step('Health', 'Health', null, { term: 'SEMESTER' }),
  ...language('Spanish', 4),
  ...language('French', 4),
  ...language('German', 4),
  ...language('Mandarin', 4),
  ...language('Latin', 4),
  ...language('American Sign Language', 3),
  ...language('Japanese', 3),
  step('Study Skills', 'Special education', null, { term: 'SEMESTER' }),
];

const electives: readonly CatalogCourse[] = [
  ...semesters('English', 'humanities', {
    'Creative Writing': 3,
    'Film as Literature': 2,
    Mythology: 2,
    'Science Fiction': 2,
    Shakespeare: 1,
  }),
  ...years('English', 'humanities', { Journalism: 2, Yearbook: 2 }),
  ...ladder('Speech and Debate', 'English', [3, 1, 1], 'humanities'),
  ...years('Mathematics', 'science', { 'Multivariable Calculus': 1 }, [12]),
  ...years('Mathematics', 'business', { 'Financial Algebra': 3, 'Mathematical Modeling': 2 }, [11, 12]),
  ...semesters('Mathematics', null, { 'Algebra Support': 4 }, [9, 10]),
  ...semesters('Science', 'science', { Astronomy: 3, Geology: 2, Oceanography: 2, Botany: 1, Zoology: 2 }, from(10)),
  ...years('Science', 'science', { 'Earth Science': 3, 'Marine Biology': 2, 'AP Seminar': 2, 'AP Research': 1 }, from(10)),
  ...ladder('Forensic Science', 'Science', [3, 1], 'health'),
  ...ladder('Biotechnology', 'Science', [2, 1], 'science', true),
  ...ladder('Science Research', 'Science', [1, 1], 'science'),
  ...semesters(
    'Social studies',
    'humanities',
    { Psychology: 5, Sociology: 3, Anthropology: 2, Philosophy: 2, 'World Religions': 1 },
    from(10),
  ),
  ...semesters('Social studies', 'humanities', { 'Contemporary Issues': 2, 'Military History': 2 }, from(10)),
  ...years(
    'Social studies',
    'humanities',
    { 'AP Psychology': 3, 'AP European History': 2, 'African American Studies': 1, 'Ethnic Studies': 4 },
    from(10),
  ),
  ...ladder('Law and Justice', 'Social studies', [3, 1, 1], 'humanities'),
  ...years('World languages', 'humanities', { 'AP Spanish Language': 2, 'AP Spanish Literature': 1, 'AP French': 1 }, [12]),
  ...years('World languages', 'humanities', { 'AP Chinese': 1 }, [12]),
  ...ladder('Spanish for Heritage Speakers', 'World languages', [3, 2]),
  ...ladder('Italian', 'World languages', [2, 1, 1], 'humanities'),
  ...ladder('Dance', 'Physical education', [2, 1, 1, 1], 'arts'),
  ...ladder('Sports Medicine', 'Health', [2, 1, 1], 'health'),
  ...semesters('Physical education', null, {
    Yoga: 3,
    'Team Sports': 4,
    'Lifetime Fitness': 3,
    Aquatics: 2,
    'Weight Training 1': 6,
    'Weight Training 2': 3,
    'Weight Training 3': 1,
  }),
  ...years('Physical education', null, { 'Athletic Conditioning': 4, 'Advanced Conditioning': 2 }),
  ...ladder('Concert Band', 'Music', [1, 1], 'arts'),
  ...ladder('Jazz Band', 'Music', [1, 1], 'arts'),
  ...ladder('Orchestra', 'Music', [1, 1, 1], 'arts'),
  ...ladder('Choir', 'Music', [2, 1, 1], 'arts'),
  ...semesters('Music', 'arts', { 'Guitar 1': 3, 'Guitar 2': 2 }),
  ...ladder('Piano', 'Music', [2, 1], 'arts'),
  ...years('Music', 'arts', { 'Wind Ensemble': 1, 'Marching Band': 1, 'AP Music Theory': 1, 'Music Technology': 2 }),
  ...ladder('Theatre', 'Theatre', [3, 2, 1, 1], 'arts'),
  ...ladder('Stagecraft', 'Theatre', [2, 1, 1], 'arts'),
  ...years('Theatre', 'arts', { 'Musical Theatre': 1 }, from(10)),
  ...ladder('Art', 'Visual arts', [6, 2, 1, 1], 'arts'),
  ...ladder('Drawing', 'Visual arts', [2, 2], 'arts'),
  ...ladder('Painting', 'Visual arts', [2, 1, 1], 'arts'),
  ...ladder('Ceramics', 'Visual arts', [4, 2, 1, 1], 'arts'),
  ...ladder('Photography', 'Visual arts', [4, 2, 1], 'arts'),
  ...ladder('Graphic Design', 'Visual arts', [3, 2, 1], 'arts'),
  ...ladder('Animation', 'Visual arts', [2, 1, 1], 'arts'),
  ...ladder('Film Making', 'Visual arts', [2, 2, 1], 'arts'),
  ...ladder('Fashion Design', 'Visual arts', [2, 1, 1], 'arts'),
  ...semesters('Visual arts', 'arts', { Printmaking: 2, 'Digital Drawing': 2, 'Jewelry 1': 2, 'Jewelry 2': 1 }),
  ...years('Visual arts', 'arts', { 'AP Art History': 1, 'AP Drawing': 1, 'AP Two-Dimensional Design': 1 }, [11, 12]),
  ...ladder('Automotive Technology', 'Workshops', [3, 2, 1], 'trades', true),
  ...ladder('Construction', 'Workshops', [2, 2, 1], 'trades', true),
  ...ladder('Welding', 'Workshops', [2, 2, 1], 'trades', true),
  ...ladder('Woodworking', 'Workshops', [3, 2, 1], 'trades'),
  ...ladder('Electronics', 'Workshops', [2, 1], 'trades'),
  ...ladder('Robotics', 'Workshops', [2, 2, 1], 'science'),
  ...ladder('Engineering', 'Workshops', [3, 2, 1, 1], 'science'),
  ...ladder('Computer Science', 'Computing', [4, 2, 1], 'science'),
  ...ladder('Web Design', 'Computing', [2, 1], 'business'),
  ...ladder('Game Design', 'Computing', [2, 1], 'science'),
  ...ladder('Cybersecurity', 'Computing', [2, 1, 1], 'science'),
  ...years('Computing', 'science', { 'AP Computer Science Principles': 4, 'AP Computer Science A': 2, 'Data Science': 1 }, from(10)),
  ...ladder('Accounting', 'Business', [2, 1, 1], 'business'),
  ...ladder('Marketing', 'Business', [3, 2, 1], 'business'),
  ...ladder('Entrepreneurship', 'Business', [2, 1], 'business'),
  ...ladder('Hospitality', 'Business', [2, 1], 'business'),
  ...ladder('Sports Management', 'Business', [2, 1], 'business'),
  ...semesters('Business', 'business', { 'Personal Finance': 6, 'Business Law': 2, Keyboarding: 2 }),
  ...ladder('Medical Careers', 'Health careers', [4, 2, 2], 'health'),
  ...ladder('Nursing', 'Health careers', [2, 1], 'health', true),
  ...ladder('Criminal Justice', 'Health careers', [2, 2, 1], 'health'),
  ...ladder('Fire Science', 'Health careers', [2, 1], 'trades', true),
  ...ladder('Teaching Careers', 'Health careers', [2, 1], 'humanities'),
  ...semesters('Health careers', 'health', { 'Medical Terminology': 2, Nutrition: 2 }),
  ...ladder('Culinary Arts', 'Home economics', [4, 2, 1, 1], 'business', true),
  ...ladder('Child Development', 'Home economics', [2, 2, 1], 'health'),
  ...ladder('Interior Design', 'Home economics', [2, 1], 'arts'),
  ...ladder('Agriculture', 'Agriculture', [2, 2, 1, 1], 'trades'),
  ...ladder('Floral Design', 'Agriculture', [2, 1], 'trades'),
  ...ladder('Veterinary Science', 'Agriculture', [2, 1, 1], 'health'),
  ...ladder('Military Leadership', 'School', [2, 2, 1, 1], 'trades'),
  ...ladder('College Readiness', 'School', [3, 2, 2, 2]),
  ...years('School', 'humanities', { 'Student Government': 2 }),
  ...years('School', null, { 'College Planning': 2, 'Peer Tutoring': 3, 'Study Methods': 2, 'Driver Education': 2 }),
];

export const catalog: readonly CatalogCourse[] = [...plansOfStudy, ...electives];
