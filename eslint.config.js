import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

/** Who may import whom: docs/ARCHITECTURE.md draws the same arrows. */
const services = ['student', 'scheduling', 'grading', 'attendance'];
const libraries = ['scope:school', 'scope:lib'];

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
          depConstraints: [
            { sourceTag: 'scope:school', onlyDependOnLibsWithTags: ['scope:school'], bannedExternalImports: ['*'] },
            {
              sourceTag: 'scope:oneroster',
              onlyDependOnLibsWithTags: ['scope:school'],
              bannedExternalImports: ['@apollo/*', '@mikro-orm/*', 'pg'],
            },
            { sourceTag: 'scope:lib', onlyDependOnLibsWithTags: libraries, bannedExternalImports: ['@apollo/gateway'] },
            ...services.map((service) => ({
              sourceTag: `scope:${service}`,
              onlyDependOnLibsWithTags: [`scope:${service}`, ...libraries],
              bannedExternalImports: ['@apollo/*'],
            })),
            { sourceTag: 'scope:gateway', onlyDependOnLibsWithTags: libraries, bannedExternalImports: ['@apollo/subgraph', '@mikro-orm/*'] },
            { sourceTag: 'scope:district', onlyDependOnLibsWithTags: ['*'], bannedExternalImports: ['@apollo/*'] },
            { sourceTag: 'type:e2e', onlyDependOnLibsWithTags: ['*'] },
          ],
        },
      ],
    },
  },
);
