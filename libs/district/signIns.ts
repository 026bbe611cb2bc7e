import type { Viewer } from '@rollbook/school';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DevelopmentIssuer } from './issuer.ts';

/** Somebody one can sign in as on a development system. */
export interface Persona {
  /** `teacher`, `counselor` ...: what one types after `npm run sign-in`. */
  readonly name: string;
  readonly description: string;
  /** Null for the vendor-to-be, who is nobody in the district. */
  readonly personId: string | null;
}

export interface SignIn extends Persona {
  readonly token: string;
}

const fileIn = (dir: string) => join(dir, 'personas.json');
const vendorSubject = '00000000-0000-8000-8000-00000000000b';

export function readPersonas(dir: string): Persona[] {
  return existsSync(fileIn(dir)) ? (JSON.parse(readFileSync(fileIn(dir), 'utf8')) as Persona[]) : [];
}

export function writePersonas(dir: string, personas: readonly Persona[]): void {
  writeFileSync(fileIn(dir), JSON.stringify(personas, null, 2));
}

/** Tokens for the personas, each with what that person may do today. */
export function signInsOf(
  personas: readonly Persona[],
  accessOf: (personId: string) => Promise<Viewer>,
  issuer: DevelopmentIssuer,
): Promise<SignIn[]> {
  return Promise.all(
    personas.map(async (persona) => {
      const viewer: Viewer = persona.personId
        ? await accessOf(persona.personId)
        : { subject: vendorSubject, grants: [{ role: 'VENDOR', schoolId: null }], students: [] };
      return { ...persona, token: await issuer.sign(viewer) };
    }),
  );
}

/** The importer's own hand on a development system: a district administrator of no school in particular. */
export const importingAdministrator: Viewer = {
  subject: '00000000-0000-8000-8000-00000000000a',
  grants: [{ role: 'DISTRICT_ADMINISTRATOR', schoolId: null }],
  students: [],
};
