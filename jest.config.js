/** One configuration for every project; each project's `test` script sets its own root. */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': new URL('./jest.strip.cjs', import.meta.url).pathname },
  testMatch: ['**/*.test.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  testTimeout: 60_000,
  maxWorkers: 2,
};
