import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

/** Who may import whom: docs/ARCHITECTURE.md draws the same arrows. */
const services = ['student', 'scheduling', 'grading', 'attendance'];
const libraries = ['scope:school', 'scope:lib'];
const ownLibraries = { scheduling: ['scope:timetable'], grading: ['scope:typesetting'], attendance: ['scope:typesetting'] };

const arrows = [
  { sourceTag: 'scope:school', onlyDependOnLibsWithTags: ['scope:school'], bannedExternalImports: ['*'] },
  {
    sourceTag: 'scope:oneroster',
    onlyDependOnLibsWithTags: ['scope:school'],
    bannedExternalImports: ['@apollo/*', '@mikro-orm/*', 'pg'],
  },
  // The algorithms of scheduling: no database, no graph.
  {
    sourceTag: 'scope:timetable',
    onlyDependOnLibsWithTags: ['scope:school'],
    bannedExternalImports: ['@apollo/*', '@mikro-orm/*', 'pg', 'graphql'],
  },
  // Documents, from templates and data: no database, no graph.
  {
    sourceTag: 'scope:typesetting',
    onlyDependOnLibsWithTags: [],
    bannedExternalImports: ['@apollo/*', '@mikro-orm/*', 'pg', 'graphql'],
  },
  // Front ends build on it: it knows the graph, and nothing of what is behind it.
  { sourceTag: 'scope:client', onlyDependOnLibsWithTags: [], bannedExternalImports: ['*'] },
  { sourceTag: 'scope:lib', onlyDependOnLibsWithTags: libraries, bannedExternalImports: ['@apollo/gateway'] },
  ...services.map((service) => ({
    sourceTag: `scope:${service}`,
    onlyDependOnLibsWithTags: [`scope:${service}`, ...libraries, ...(ownLibraries[service] ?? [])],
    bannedExternalImports: ['@apollo/*'],
  })),
  { sourceTag: 'scope:gateway', onlyDependOnLibsWithTags: libraries, bannedExternalImports: ['@apollo/subgraph', '@mikro-orm/*'] },
  { sourceTag: 'scope:district', onlyDependOnLibsWithTags: ['*'], bannedExternalImports: ['@apollo/*'] },
  { sourceTag: 'type:e2e', onlyDependOnLibsWithTags: ['*'] },
];

/** Tests may use any package (Jest, fast-check, a composer); the arrows between our own projects hold for them too. */
const arrowsOfTests = arrows.map(({ bannedExternalImports: _, ...arrow }) => arrow);

export default tseslint.config(
  { ignores: ['**/node_modules', '**/.nx', '**/.rollbook', '**/schema.types.ts'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    plugins: { '@nx': nx },
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@nx/enforce-module-boundaries': [
        'error',
        {
          allow: [],
          depConstraints: arrows,
        },
      ],
    },
  },
  {
    files: ['**/*.test.ts', '**/testing.ts'],
    rules: { '@nx/enforce-module-boundaries': ['error', { allow: [], depConstraints: arrowsOfTests }] },
  },
);
