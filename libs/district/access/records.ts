import { systemViewer, type IsoDate } from '@rollbook/school';
import { columnsOf, type Subgraph, type SubgraphDefinition } from '@rollbook/subgraph';

export type Row = Readonly<Record<string, unknown>>;

/**
 * Whom a row is about, as its columns say: what the services say of it is not asked.
 */
export interface About {
  readonly schoolIds: readonly string[];
  readonly studentId: string | null;
  /** Of what is about a section, or somebody in one. */
  readonly sectionId: string | null;
  /** Of a section: everybody who sits or sat in it. */
  readonly studentIds: readonly string[];
  /** On the row's day, or today. Undefined: of what no section is known. */
  readonly teacherIds: readonly string[] | undefined;
  readonly everTeacherIds: readonly string[];
  /** Not yet for the family's eyes. */
  readonly draft: boolean;
}

/** All rows of all services, each by the name of its entity. */
export class Records {
  readonly #rows = new Map<string, Map<string, readonly Row[]>>();
  readonly #about = new Map<string, About[]>();
  readonly #seatsOfStudent: ReadonlyMap<string, Row[]>;
  readonly #seatsOfSection: ReadonlyMap<string, Row[]>;
  readonly #postsOfSection: ReadonlyMap<string, Row[]>;
  readonly #schoolsOfStudent: ReadonlyMap<string, string[]>;
  readonly #schoolOfSection: ReadonlyMap<string, string>;
  readonly #today: IsoDate;

  private constructor(rows: Map<string, Map<string, readonly Row[]>>, today: IsoDate) {
    this.#rows = rows;
    this.#today = today;
    const by = (service: string, entity: string, property: string) =>
      Map.groupBy(this.of(service, entity), (row) => row[property] as string);
    this.#seatsOfStudent = by('scheduling', 'SectionEnrollment', 'studentId');
    this.#seatsOfSection = by('scheduling', 'SectionEnrollment', 'sectionId');
    this.#postsOfSection = by('scheduling', 'TeacherAssignment', 'sectionId');
    const enrollments = by('student', 'Enrollment', 'studentId');
    this.#schoolsOfStudent = new Map([...enrollments].map(([id, all]) => [id, [...new Set(all.map((row) => row['schoolId'] as string))]]));
    this.#schoolOfSection = new Map(this.of('scheduling', 'Section').map((row) => [row['id'] as string, row['schoolId'] as string]));
    for (const [service, entities] of rows) for (const [entity, all] of entities) for (const row of all) this.#index(service, entity, row);
    this.#indexByRelation('ContactRelation', 'contactId', 'Contact');
    this.#indexByRelation('Residence', 'householdId', 'Household');
  }

  static async read(
    services: readonly SubgraphDefinition[],
    subgraphs: Readonly<Record<string, Subgraph>>,
    today: IsoDate,
  ): Promise<Records> {
    const rows = new Map<string, Map<string, readonly Row[]>>();
    for (const service of services) {
      const tables = new Map<string, readonly Row[]>();
      rows.set(service.name, tables);
      const { database } = subgraphs[service.name]!;
      await database.transaction(systemViewer, null, async ({ query }) => {
        for (const entity of Object.values(service.slices).flatMap(({ entities }) => entities))
          tables.set(
            entity.meta.className,
            await query<Row>(`select ${columnsOf(entity, 't')} from ${entity.meta.tableName} t order by 1`),
          );
      });
    }
    return new Records(rows, today);
  }

  of(service: string, entity: string): readonly Row[] {
    return this.#rows.get(service)?.get(entity) ?? [];
  }

  /** The entity of this name: in this service, or else in whichever has it. */
  anywhere(service: string, entity: string): readonly Row[] {
    const elsewhere = [...this.#rows.values()].flatMap((entities) => entities.get(entity) ?? []);
    return this.of(service, entity).length ? this.of(service, entity) : elsewhere;
  }

  /** The entity whose name is or ends with this: in this service, or else in whichever has it. */
  entityEndingWith(service: string, ending: string): string | undefined {
    const ours = [...(this.#rows.get(service)?.keys() ?? [])];
    const all = [...this.#rows.values()].flatMap((entities) => [...entities.keys()]);
    const ends = (name: string) => name.endsWith(ending);
    return ours.find((name) => name === ending) ?? ours.find(ends) ?? all.find((name) => name === ending) ?? all.find(ends);
  }

  /**
   * Whom the record of this type with this id is about: several for a person or a household that belongs to several students, none
   * for a fact of the institution. Undefined: there is no such record.
   */
  about(type: string, id: string): readonly About[] | undefined {
    return this.#about.get(`${type} ${id}`);
  }

  /** The same for an id alone. */
  aboutId(id: string): readonly About[] {
    return this.#about.get(id) ?? [];
  }

  /** What somebody earned: it is kept where the student is today. */
  aboutHistory(studentId: string): readonly About[] {
    return this.aboutId(studentId).map((about) => ({ ...about, schoolIds: this.#schoolsToday(studentId) }));
  }

  #schoolsToday(studentId: string): string[] {
    const enrollments = this.of('student', 'Enrollment').filter((row) => row['studentId'] === studentId && covers(row, this.#today));
    return enrollments.map((row) => row['schoolId'] as string);
  }

  bornOn(date: IsoDate): readonly About[] {
    const born = this.of('student', 'Demographics').filter((row) => row['birthDate'] === date);
    return born.flatMap((row) => this.aboutId(row['studentId'] as string));
  }

  teachers(sectionId: string, on: IsoDate): string[] {
    const posts = this.#postsOfSection.get(sectionId) ?? [];
    return [...new Set(posts.filter((post) => covers(post, on)).map((post) => post['staffId'] as string))];
  }

  sectionsOf(studentId: string, on: IsoDate): string[] {
    return (this.#seatsOfStudent.get(studentId) ?? []).filter((seat) => covers(seat, on)).map((seat) => seat['sectionId'] as string);
  }

  #index(service: string, entity: string, row: Row): void {
    const about = this.#aboutOf(service, entity, row);
    const { id, sectionId, studentId, rollId } = row as Record<string, string | undefined>;
    const pairs = { SectionEnrollment: `${sectionId} ${studentId}`, RollEntryRow: `${rollId} ${studentId}` };
    for (const key of [id, pairs[entity as keyof typeof pairs]].filter((key) => key !== undefined)) {
      this.#about.set(`${entity} ${key}`, about ? [about] : []);
      if (about) this.#about.set(key, [about]);
    }
  }

  #indexByRelation(entity: string, property: string, type: string): void {
    for (const [id, relations] of Map.groupBy(this.of('student', entity), (row) => row[property] as string)) {
      const abouts = relations.flatMap((row) => this.aboutId(row['studentId'] as string));
      this.#about.set(id, abouts).set(`${type} ${id}`, abouts);
    }
  }

  #aboutOf(service: string, entity: string, row: Row): About | null {
    const own = (name: string) =>
      (entity === name ? row['id'] : row[`${name[0]!.toLowerCase()}${name.slice(1)}Id`]) as string | null | undefined;
    const [studentId, sectionId, schoolId] = [own('Student'), own('Section'), own('School')];
    if (!studentId && !sectionId && !schoolId) return null;
    const schools = studentId ? (this.#schoolsOfStudent.get(studentId) ?? []) : [];
    const school = schoolId ?? (sectionId && this.#schoolOfSection.get(sectionId));
    // In the student service what is about a student is every school's where the student was; elsewhere a row is its school's alone.
    const everywhere = service === 'student' || !school;
    return {
      schoolIds: everywhere ? schools.concat(school ?? []) : goesAlong.has(entity) ? [school, ...this.#schoolsToday(studentId!)] : [school],
      studentId: studentId ?? null,
      sectionId: sectionId ?? null,
      studentIds: sectionId && !studentId ? this.#everSeated(sectionId) : [],
      ...this.#teachersFor(sectionId, studentId, (row['date'] as string | undefined) ?? this.#today),
      draft: row['status'] === 'DRAFT',
    };
  }

  #teachersFor(sectionId: string | null | undefined, studentId: string | null | undefined, day: IsoDate) {
    if (!sectionId && !studentId) return { teacherIds: undefined, everTeacherIds: [] };
    const ever = (id: string) => (this.#postsOfSection.get(id) ?? []).map((post) => post['staffId'] as string);
    if (sectionId) return { teacherIds: this.teachers(sectionId, day), everTeacherIds: ever(sectionId) };
    const seats = this.#seatsOfStudent.get(studentId!) ?? [];
    return {
      teacherIds: this.sectionsOf(studentId!, day).flatMap((section) => this.teachers(section, day)),
      everTeacherIds: seats.flatMap((seat) => ever(seat['sectionId'] as string)),
    };
  }

  #everSeated(sectionId: string): string[] {
    return (this.#seatsOfSection.get(sectionId) ?? []).map((seat) => seat['studentId'] as string);
  }
}

/** What goes with the student to another school, and stays where it was written. */
const goesAlong = new Set(['TranscriptRecord', 'TranscriptDocument', 'DiplomaException']);

const covers = (row: Row, day: IsoDate) => (row['begins'] as string) <= day && (row['ends'] == null || day < (row['ends'] as string));
