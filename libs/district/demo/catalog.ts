/** What is taught: the district's catalog for elementary, middle and high schools, and which courses follow each other. All of it is invented. */
import { grades, type Level, type classSize } from './proportions.ts';

/** Subject areas of the School Courses for the Exchange of Data (NCES), whose codes OneRoster recommends. */
const subjects = {
  'English Language and Literature': '01',
  Mathematics: '02',
  'Life and Physical Sciences': '03',
  'Social Sciences and History': '04',
  'Visual and Performing Arts': '05',
  'Physical, Health, and Safety Education': '08',
  'Information Technology': '10',
  'Communications and Audio/Visual Technology': '11',
  'Business and Marketing': '12',
  'Health Care Sciences': '14',
  'Public, Protective, and Government Services': '15',
  'Hospitality and Tourism': '16',
  'Architecture and Construction': '17',
  'Human Services': '19',
  'Transportation, Distribution and Logistics': '20',
  'Engineering and Technology': '21',
  Miscellaneous: '22',
  'World Languages': '24',
} as const;
export type Subject = keyof typeof subjects;
export const subjectCode = (subject: Subject): string => subjects[subject];

/** Teachers belong to a department, and teach nothing outside it. */
export type Department =
  | 'English'
  | 'Mathematics'
  | 'Science'
  | 'Social Science'
  | 'World Languages'
  | 'Visual Arts'
  | 'Performing Arts'
  | 'Physical Education'
  | 'Career Technical Education'
  | 'Special Education'
  | 'Electives'
  | 'Homeroom';

export interface CatalogCourse {
  /** The district's course number, unique in the catalog. */
  number: string;
  title: string;
  level: Level;
  department: Department;
  subject: Subject;
  /** Indices into `grades`. */
  grades: readonly number[];
  length: 'YEAR' | 'SEMESTER';
  /** Credits of the whole course; California counts five a semester. Elementary courses carry none. */
  credits: number;
  size: keyof typeof classSize;
  /** Numbers of the courses one must have passed before. */
  prerequisites: readonly string[];
  /** May be taken again in a later year (ensembles, leadership). */
  repeatable: boolean;
  /** What students take when too few ask for it; 'ALWAYS' = it runs however few they are; absent = their next elective. */
  whenFew?: string;
}

interface Details {
  semester?: true;
  after?: string;
  few?: string;
  again?: true;
  size?: keyof typeof classSize;
  subject?: Subject;
}
type Line = readonly [number: string, title: string, grades: string, details?: Details];

function department(level: Level, name: Department, subject: Subject, lines: readonly Line[]): CatalogCourse[] {
  return lines.map(([number, title, span, details = {}]) => {
    const [from, to = from] = span.split('-') as [string, string?];
    const first = grades.indexOf(from as (typeof grades)[number]);
    const semester = details.semester === true;
    return {
      number,
      title,
      level,
      department: name,
      subject: details.subject ?? subject,
      grades: grades.map((_, index) => index).slice(first, grades.indexOf(to as (typeof grades)[number]) + 1),
      length: semester ? 'SEMESTER' : 'YEAR',
      credits: level === 'elementary' ? 0 : semester ? 5 : 10,
      size: details.size ?? (level === 'elementary' ? (first < 4 ? 'kindergartenToThird' : 'fourthAndFifth') : 'secondary'),
      prerequisites: details.after ? details.after.split(' ') : [],
      repeatable: details.again === true,
      whenFew: details.few,
    };
  });
}

const always = { few: 'ALWAYS' } as const;
const ordinals = ['Kindergarten', 'Grade 1', 'Grade 2', 'Grade 3', 'Grade 4', 'Grade 5'];
const perGrade = (number: string, title: string): Line[] =>
  ordinals.map((ordinal, index) => [`${number}-${grades[index]}`, `${title}, ${ordinal}`, grades[index]!]);

const elementary: CatalogCourse[] = [
  ...department('elementary', 'Homeroom', 'Miscellaneous', [['E-HOMEROOM', 'Homeroom', 'KG-05']]),
  ...department('elementary', 'Homeroom', 'English Language and Literature', perGrade('E-ELA', 'Language Arts')),
  ...department('elementary', 'Homeroom', 'Mathematics', perGrade('E-MATH', 'Mathematics')),
  ...department('elementary', 'Homeroom', 'Life and Physical Sciences', [
    ['E-SCI-A', 'Science, Primary', 'KG-02'],
    ['E-SCI-B', 'Science, Upper Grades', '03-05'],
  ]),
  ...department('elementary', 'Homeroom', 'Social Sciences and History', [
    ['E-SOC-A', 'Our Community', 'KG-02'],
    ['E-SOC-B', 'Our State', '03-04'],
    ['E-SOC-C', 'Our Nation', '05'],
  ]),
  ...department('elementary', 'Homeroom', 'Visual and Performing Arts', [
    ['E-ART-A', 'Visual Arts, Primary', 'KG-02'],
    ['E-ART-B', 'Visual Arts, Upper Grades', '03-05'],
  ]),
  ...department('elementary', 'Performing Arts', 'Visual and Performing Arts', [
    ['E-MUS-A', 'Music, Primary', 'KG-02'],
    ['E-MUS-B', 'Music, Upper Grades', '03-05'],
  ]),
  ...department('elementary', 'Physical Education', 'Physical, Health, and Safety Education', [
    ['E-PE-A', 'Physical Education, Primary', 'KG-02'],
    ['E-PE-B', 'Physical Education, Upper Grades', '03-05'],
  ]),
];

const middle: CatalogCourse[] = [
  ...department('middle', 'English', 'English Language and Literature', [
    ['M-ENG6', 'English 6', '06', always],
    ['M-ENG6H', 'English 6 Honors', '06', { few: 'M-ENG6' }],
    ['M-ENG7', 'English 7', '07', always],
    ['M-ENG7H', 'English 7 Honors', '07', { few: 'M-ENG7' }],
    ['M-ENG8', 'English 8', '08', always],
    ['M-ENG8H', 'English 8 Honors', '08', { few: 'M-ENG8' }],
    ['M-ELD1', 'English Language Development 1', '06-08', { few: 'M-ELD2', size: 'languageDevelopment', again: true }],
    ['M-ELD2', 'English Language Development 2', '06-08', { ...always, size: 'languageDevelopment', again: true }],
    ['M-ELD3', 'Academic English for English Learners', '06-08', { few: 'M-ELD2', size: 'languageDevelopment', again: true }],
    ['M-JOURN', 'Journalism', '07-08', { again: true }],
  ]),
  ...department('middle', 'Mathematics', 'Mathematics', [
    ['M-MATH6', 'Mathematics 6', '06', always],
    ['M-MATH6A', 'Mathematics 6 Accelerated', '06', { few: 'M-MATH6' }],
    ['M-MATH7', 'Mathematics 7', '07', always],
    ['M-MATH7A', 'Mathematics 7 Accelerated', '07', { few: 'M-MATH7' }],
    ['M-MATH8', 'Mathematics 8', '08', always],
    ['M-ALG1', 'Algebra 1', '08', { few: 'M-MATH8', after: 'M-MATH7A' }],
  ]),
  ...department('middle', 'Science', 'Life and Physical Sciences', [
    ['M-SCI6', 'Earth and Space Science 6', '06', always],
    ['M-SCI7', 'Life Science 7', '07', always],
    ['M-SCI8', 'Physical Science 8', '08', always],
    ['M-STEM', 'STEM Lab', '07-08'],
  ]),
  ...department('middle', 'Social Science', 'Social Sciences and History', [
    ['M-HIST6', 'Ancient Civilizations', '06', always],
    ['M-HIST7', 'Medieval and Early Modern World', '07', always],
    ['M-HIST8', 'United States History 8', '08', always],
  ]),
  ...department('middle', 'Physical Education', 'Physical, Health, and Safety Education', [
    ['M-PE6', 'Physical Education 6', '06', { ...always, size: 'physicalEducation' }],
    ['M-PE7', 'Physical Education 7', '07', { ...always, size: 'physicalEducation' }],
    ['M-PE8', 'Physical Education 8', '08', { ...always, size: 'physicalEducation' }],
  ]),
  ...department('middle', 'Visual Arts', 'Visual and Performing Arts', [
    ['M-ART', 'Visual Art', '06-08', { again: true }],
    ['M-ART2', 'Advanced Art', '07-08', { after: 'M-ART' }],
  ]),
  ...department('middle', 'Performing Arts', 'Visual and Performing Arts', [
    ['M-BAND', 'Band', '06-08', { again: true, size: 'performing' }],
    ['M-ORCH', 'Orchestra', '06-08', { again: true, size: 'performing' }],
    ['M-CHOIR', 'Choir', '06-08', { again: true, size: 'performing' }],
    ['M-DRAMA', 'Drama', '06-08', { again: true }],
  ]),
  ...department('middle', 'World Languages', 'World Languages', [
    ['M-SPAN', 'Introduction to Spanish', '07-08'],
    ['M-SPNS', 'Spanish for Spanish Speakers', '07-08', { few: 'M-SPAN' }],
  ]),
  ...department('middle', 'Career Technical Education', 'Information Technology', [
    ['M-CODE', 'Coding and Robotics', '06-08'],
    ['M-DESIGN', 'Design and Making', '06-08', { subject: 'Engineering and Technology' }],
  ]),
  ...department('middle', 'Special Education', 'Miscellaneous', [
    ['M-LEARN', 'Learning Center', '06-08', { ...always, size: 'learningCenter', again: true }],
  ]),
  ...department('middle', 'Electives', 'Miscellaneous', [
    ['M-LEAD', 'Student Leadership', '07-08', { again: true }],
    ['M-YEARB', 'Yearbook', '07-08', { again: true }],
    ['M-AVID', 'College and Career Readiness', '06-08', { again: true }],
    ['M-LAB', 'Academic Lab', '06-08', { ...always, again: true }],
  ]),
];

const high: CatalogCourse[] = [
  ...department('high', 'English', 'English Language and Literature', [
    ['ENG9', 'English 9', '09', always],
    ['ENG9H', 'English 9 Honors', '09', { few: 'ENG9' }],
    ['ENG10', 'English 10', '10', { ...always, after: 'ENG9' }],
    ['ENG10H', 'English 10 Honors', '10', { few: 'ENG10', after: 'ENG9' }],
    ['ENG11', 'English 11: American Literature', '11', { ...always, after: 'ENG10' }],
    ['APLANG', 'AP English Language and Composition', '11', { few: 'ENG11', after: 'ENG10' }],
    ['ENG12', 'English 12: World Literature', '12', { ...always, after: 'ENG11' }],
    ['ERW12', 'Expository Reading and Writing', '12', { few: 'ENG12', after: 'ENG11' }],
    ['APLIT', 'AP English Literature and Composition', '12', { few: 'ENG12', after: 'ENG11' }],
    ['ELD1', 'English Language Development 1', '09-12', { few: 'ELD2', size: 'languageDevelopment', again: true }],
    ['ELD2', 'English Language Development 2', '09-12', { ...always, size: 'languageDevelopment', again: true }],
    ['ELD3', 'English Language Development 3', '09-12', { few: 'ELD2', size: 'languageDevelopment', again: true }],
    ['ELD4', 'Advanced Academic English', '09-12', { few: 'ELD3', size: 'languageDevelopment', again: true }],
    ['CRWRITE', 'Creative Writing', '11-12', { semester: true }],
    ['SPEECH', 'Public Speaking', '11-12', { semester: true }],
    ['JOURN1', 'Journalism 1', '10-12'],
    ['JOURN2', 'Journalism 2: The Student Newspaper', '11-12', { after: 'JOURN1', again: true }],
  ]),
  ...department('high', 'Mathematics', 'Mathematics', [
    ['ALG1', 'Algebra 1', '09-10', always],
    ['GEO', 'Geometry', '09-11', { ...always, after: 'ALG1' }],
    ['GEOH', 'Geometry Honors', '09-10', { few: 'GEO', after: 'ALG1' }],
    ['ALG2', 'Algebra 2', '10-12', { ...always, after: 'GEO' }],
    ['ALG2H', 'Algebra 2 Honors', '10-11', { few: 'ALG2', after: 'GEO' }],
    ['PRECALC', 'Precalculus', '11-12', { few: 'STATS', after: 'ALG2' }],
    ['PRECALCH', 'Precalculus Honors', '11-12', { few: 'PRECALC', after: 'ALG2' }],
    ['STATS', 'Statistics', '11-12', { ...always, after: 'GEO' }],
    ['FINALG', 'Financial Algebra', '12', { few: 'STATS', after: 'ALG1' }],
    ['DATA', 'Introduction to Data Science', '12', { few: 'STATS', after: 'ALG1' }],
    ['APSTAT', 'AP Statistics', '12', { few: 'STATS', after: 'ALG2' }],
    ['APCALCAB', 'AP Calculus AB', '12', { few: 'APSTAT', after: 'PRECALC' }],
    ['APCALCBC', 'AP Calculus BC', '12', { few: 'APCALCAB', after: 'PRECALC' }],
  ]),
  ...department('high', 'Science', 'Life and Physical Sciences', [
    ['BIO', 'Biology: The Living Earth', '09', always],
    ['BIOH', 'Biology Honors', '09', { few: 'BIO' }],
    ['CHEM', 'Chemistry in the Earth System', '10', { ...always, after: 'BIO' }],
    ['CHEMH', 'Chemistry Honors', '10', { few: 'CHEM', after: 'BIO' }],
    ['PHYS', 'Physics of the Universe', '11', { ...always, after: 'CHEM' }],
    ['APPHYS', 'AP Physics 1', '11', { few: 'PHYS', after: 'CHEM' }],
    ['APPHYSC', 'AP Physics C: Mechanics', '12', { few: 'APBIO', after: 'APPHYS' }],
    ['APBIO', 'AP Biology', '12', { after: 'BIO CHEM' }],
    ['APCHEM', 'AP Chemistry', '12', { few: 'APBIO', after: 'CHEM' }],
    ['APES', 'AP Environmental Science', '11-12', { after: 'BIO' }],
    ['ANAT', 'Human Anatomy and Physiology', '11-12', { after: 'BIO' }],
    ['MARINE', 'Marine Biology', '11-12', { few: 'ANAT', after: 'BIO' }],
    ['FORENS', 'Forensic Science', '12', { few: 'ANAT', after: 'BIO' }],
  ]),
  ...department('high', 'Social Science', 'Social Sciences and History', [
    ['ETHNIC', 'Ethnic Studies', '09', { ...always, semester: true }],
    ['WORLD', 'World History', '10', always],
    ['WORLDH', 'World History Honors', '10', { few: 'WORLD' }],
    ['APWORLD', 'AP World History: Modern', '10', { few: 'WORLDH' }],
    ['USHIST', 'United States History', '11', always],
    ['APUSH', 'AP United States History', '11', { few: 'USHIST' }],
    ['GOV', 'American Government', '12', { ...always, semester: true }],
    ['ECON', 'Economics', '12', { ...always, semester: true }],
    ['APGOV', 'AP United States Government and Politics', '12', { semester: true }],
    ['APECON', 'AP Macroeconomics', '12', { semester: true }],
    ['PSYCH', 'Psychology', '11-12', { semester: true }],
    ['SOCIOL', 'Sociology', '11-12', { semester: true }],
    ['APPSYCH', 'AP Psychology', '11-12'],
    ['APHUGEO', 'AP Human Geography', '10-12'],
  ]),
  ...department('high', 'World Languages', 'World Languages', [
    ['SPAN1', 'Spanish 1', '09-12', always],
    ['SPAN2', 'Spanish 2', '10-12', { ...always, after: 'SPAN1' }],
    ['SPAN3', 'Spanish 3', '11-12', { after: 'SPAN2' }],
    ['SPNS1', 'Spanish for Spanish Speakers 1', '09-11', { few: 'SPAN1' }],
    ['SPNS2', 'Spanish for Spanish Speakers 2', '10-12', { few: 'SPAN2', after: 'SPNS1' }],
    ['APSPAN', 'AP Spanish Language and Culture', '11-12', { few: 'SPAN3', after: 'SPAN3' }],
    ['FREN1', 'French 1', '09-12'],
    ['FREN2', 'French 2', '10-12', { after: 'FREN1' }],
    ['FREN3', 'French 3', '11-12', { after: 'FREN2' }],
    ['MAND1', 'Mandarin 1', '09-12'],
    ['MAND2', 'Mandarin 2', '10-12', { after: 'MAND1' }],
    ['MAND3', 'Mandarin 3', '11-12', { after: 'MAND2' }],
    ['KOR1', 'Korean 1', '09-12'],
    ['KOR2', 'Korean 2', '10-12', { after: 'KOR1' }],
    ['KOR3', 'Korean 3', '11-12', { after: 'KOR2' }],
    ['ASL1', 'American Sign Language 1', '09-12'],
    ['ASL2', 'American Sign Language 2', '10-12', { after: 'ASL1' }],
    ['ASL3', 'American Sign Language 3', '11-12', { after: 'ASL2' }],
  ]),
  ...department('high', 'Visual Arts', 'Visual and Performing Arts', [
    ['ART1', 'Drawing and Painting 1', '09-12'],
    ['ART2', 'Drawing and Painting 2', '10-12', { after: 'ART1' }],
    ['ART3', 'Drawing and Painting 3', '11-12', { after: 'ART2' }],
    ['APART', 'AP Drawing', '12', { after: 'ART3' }],
    ['CERAM1', 'Ceramics 1', '09-12'],
    ['CERAM2', 'Ceramics 2', '10-12', { after: 'CERAM1', again: true }],
    ['PHOTO1', 'Photography 1', '09-12'],
    ['PHOTO2', 'Photography 2', '10-12', { after: 'PHOTO1', again: true }],
    ['ANIM1', 'Animation and Digital Art', '09-12', { again: true }],
  ]),
  ...department('high', 'Performing Arts', 'Visual and Performing Arts', [
    ['BAND1', 'Concert Band', '09-12', { again: true, size: 'performing' }],
    ['BAND2', 'Symphonic Band', '10-12', { again: true, size: 'performing', after: 'BAND1', few: 'BAND1' }],
    ['ORCH', 'Orchestra', '09-12', { again: true, size: 'performing' }],
    ['CHOIR1', 'Concert Choir', '09-12', { again: true, size: 'performing' }],
    ['CHOIR2', 'Chamber Singers', '11-12', { again: true, size: 'performing', after: 'CHOIR1', few: 'CHOIR1' }],
    ['MARIACHI', 'Mariachi', '09-12', { again: true }],
    ['GUITAR', 'Guitar', '09-12', { again: true }],
    ['DRAMA1', 'Theater 1', '09-12'],
    ['DRAMA2', 'Theater 2: Play Production', '10-12', { again: true, after: 'DRAMA1' }],
    ['DANCE1', 'Dance 1', '09-12'],
    ['DANCE2', 'Dance Company', '10-12', { again: true, after: 'DANCE1' }],
  ]),
  ...department('high', 'Physical Education', 'Physical, Health, and Safety Education', [
    ['PE9', 'Physical Education 9', '09', { ...always, size: 'physicalEducation' }],
    ['PE10', 'Physical Education 10', '10', { ...always, size: 'physicalEducation' }],
    ['WEIGHTS', 'Strength and Conditioning', '11-12', { again: true, size: 'physicalEducation' }],
    ['TEAMS', 'Team Sports', '11-12', { again: true, size: 'physicalEducation' }],
    ['YOGA', 'Yoga and Wellness', '11-12', { again: true }],
    ['HEALTH', 'Health', '09', { ...always, semester: true }],
  ]),
  ...department('high', 'Career Technical Education', 'Information Technology', [
    ['CS1', 'Exploring Computer Science', '09-12'],
    ['APCSP', 'AP Computer Science Principles', '10-12', { after: 'CS1' }],
    ['APCSA', 'AP Computer Science A', '11-12', { after: 'APCSP' }],
    ['ENGR1', 'Principles of Engineering', '09-12', { subject: 'Engineering and Technology' }],
    ['ENGR2', 'Robotics', '10-12', { subject: 'Engineering and Technology', after: 'ENGR1' }],
    ['ENGR3', 'Engineering Design Capstone', '11-12', { subject: 'Engineering and Technology', after: 'ENGR2' }],
    ['CULIN1', 'Culinary Arts 1', '09-12', { subject: 'Hospitality and Tourism' }],
    ['CULIN2', 'Culinary Arts 2', '10-12', { subject: 'Hospitality and Tourism', after: 'CULIN1' }],
    ['MED1', 'Introduction to Health Careers', '09-12', { subject: 'Health Care Sciences' }],
    ['MED2', 'Sports Medicine', '10-12', { subject: 'Health Care Sciences', after: 'MED1' }],
    ['MED3', 'Clinical Internship', '11-12', { subject: 'Health Care Sciences', after: 'MED2' }],
    ['AUTO1', 'Automotive Technology 1', '09-12', { subject: 'Transportation, Distribution and Logistics' }],
    ['AUTO2', 'Automotive Technology 2', '10-12', { subject: 'Transportation, Distribution and Logistics', after: 'AUTO1' }],
    ['BUS1', 'Business Fundamentals', '09-12', { subject: 'Business and Marketing' }],
    ['BUS2', 'Entrepreneurship', '10-12', { subject: 'Business and Marketing', after: 'BUS1' }],
    ['FILM1', 'Film and Video Production 1', '09-12', { subject: 'Communications and Audio/Visual Technology' }],
    [
      'FILM2',
      'Film and Video Production 2',
      '10-12',
      { subject: 'Communications and Audio/Visual Technology', after: 'FILM1', again: true },
    ],
    ['BUILD1', 'Construction Trades 1', '09-12', { subject: 'Architecture and Construction' }],
    ['BUILD2', 'Construction Trades 2', '10-12', { subject: 'Architecture and Construction', after: 'BUILD1' }],
    ['LAW1', 'Law and Public Safety', '09-12', { subject: 'Public, Protective, and Government Services' }],
    ['CHILD1', 'Child Development', '09-12', { subject: 'Human Services' }],
  ]),
  ...department('high', 'Special Education', 'Miscellaneous', [
    ['LEARN', 'Learning Center', '09-12', { ...always, size: 'learningCenter', again: true }],
  ]),
  ...department('high', 'Electives', 'Miscellaneous', [
    ['LEAD', 'Student Leadership', '10-12', { again: true }],
    ['YEARB', 'Yearbook', '10-12', { again: true }],
    ['AVID9', 'College and Career Readiness 9', '09', { few: 'LAB' }],
    ['AVID10', 'College and Career Readiness 10', '10', { few: 'LAB', after: 'AVID9' }],
    ['AVID11', 'College and Career Readiness 11', '11', { few: 'LAB', after: 'AVID10' }],
    ['AVID12', 'College and Career Readiness 12', '12', { few: 'LAB', after: 'AVID11' }],
    ['OFFICE', 'Office Assistant', '11-12', { again: true }],
    ['WORK', 'Work Experience', '11-12', { again: true }],
    ['LAB', 'Academic Lab', '09-12', { ...always, again: true }],
  ]),
];

export const catalog: readonly CatalogCourse[] = [...elementary, ...middle, ...high];

const indexByNumber = new Map(catalog.map((course, index) => [course.number, index]));

/** The position in `catalog` of the course with this number. */
export function courseIndex(number: string): number {
  const index = indexByNumber.get(number);
  if (index === undefined) throw new Error(`The catalog has no course ${number}`);
  return index;
}

/** Semester courses are taken in pairs, one each half of the year, by the same students with the same teacher. */
export const semesterPairs = ['ETHNIC+HEALTH', 'GOV+ECON', 'APGOV+APECON', 'PSYCH+SOCIOL', 'CRWRITE+SPEECH'] as const;
/** What a pair that too few ask for becomes; see `whenFew`. */
export const pairWhenFew: Record<(typeof semesterPairs)[number], string | undefined> = {
  'ETHNIC+HEALTH': 'ALWAYS',
  'GOV+ECON': 'ALWAYS',
  'APGOV+APECON': 'GOV+ECON',
  'PSYCH+SOCIOL': undefined,
  'CRWRITE+SPEECH': undefined,
};

/** Elective sequences that a student stays in year after year; the last course repeats if it may. A small school offers only some of them. */
export const pathways: readonly (readonly string[])[] = [
  ['ART1', 'ART2', 'ART3', 'APART'],
  ['BAND1', 'BAND2'],
  ['CS1', 'APCSP', 'APCSA'],
  ['CULIN1', 'CULIN2'],
  ['MED1', 'MED2', 'MED3'],
  ['DRAMA1', 'DRAMA2'],
  ['FILM1', 'FILM2'],
  ['CHOIR1', 'CHOIR1', 'CHOIR2'],
  ['ENGR1', 'ENGR2', 'ENGR3'],
  ['AVID9', 'AVID10', 'AVID11', 'AVID12'],
  ['CERAM1', 'CERAM2'],
  ['AUTO1', 'AUTO2'],
  ['DANCE1', 'DANCE2'],
  ['BUS1', 'BUS2'],
  ['PHOTO1', 'PHOTO2'],
  ['ORCH'],
  ['BUILD1', 'BUILD2'],
  ['GUITAR', 'MARIACHI'],
  ['ANIM1'],
];
/** Languages besides Spanish, in the order in which growing schools add them. */
export const otherLanguages: readonly (readonly string[])[] = [
  ['FREN1', 'FREN2', 'FREN3'],
  ['ASL1', 'ASL2', 'ASL3'],
  ['MAND1', 'MAND2', 'MAND3'],
  ['KOR1', 'KOR2', 'KOR3'],
];
/** Electives that need nothing before them, per grade: the alternates when a first choice does not run or does not fit. */
export const openElectives: Record<number, readonly string[]> = {
  6: ['M-ART', 'M-BAND', 'M-CODE', 'M-CHOIR', 'M-DRAMA', 'M-ORCH', 'M-DESIGN', 'M-AVID'],
  7: [
    'M-ART',
    'M-BAND',
    'M-CODE',
    'M-SPAN',
    'M-CHOIR',
    'M-DRAMA',
    'M-LEAD',
    'M-ORCH',
    'M-DESIGN',
    'M-YEARB',
    'M-STEM',
    'M-JOURN',
    'M-AVID',
  ],
  8: [
    'M-ART',
    'M-BAND',
    'M-CODE',
    'M-SPAN',
    'M-CHOIR',
    'M-DRAMA',
    'M-LEAD',
    'M-ORCH',
    'M-DESIGN',
    'M-YEARB',
    'M-STEM',
    'M-JOURN',
    'M-AVID',
  ],
  9: ['ART1', 'CS1', 'CULIN1', 'DRAMA1', 'CHOIR1', 'FILM1', 'GUITAR', 'CERAM1', 'MED1', 'ENGR1', 'DANCE1', 'BUS1'],
  10: ['ART1', 'CS1', 'CULIN1', 'LEAD', 'APHUGEO', 'FILM1', 'CERAM1', 'PHOTO1', 'JOURN1', 'MED1', 'CHILD1', 'LAW1'],
  11: [
    'PSYCH+SOCIOL',
    'WEIGHTS',
    'APPSYCH',
    'LEAD',
    'TEAMS',
    'CRWRITE+SPEECH',
    'CHILD1',
    'LAW1',
    'YOGA',
    'JOURN1',
    'YEARB',
    'OFFICE',
    'FILM1',
  ],
  12: [
    'PSYCH+SOCIOL',
    'WEIGHTS',
    'APPSYCH',
    'LEAD',
    'TEAMS',
    'CRWRITE+SPEECH',
    'CHILD1',
    'LAW1',
    'YOGA',
    'WORK',
    'YEARB',
    'OFFICE',
    'JOURN2',
    'FILM1',
  ],
};
