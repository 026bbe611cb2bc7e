import plain from './jest.config.js';

/** For projects whose tests need PostgreSQL: one throw-away server for the run, one cloned database per test file. */
export default {
  ...plain,
  globalSetup: new URL('./jest.postgres.setup.js', import.meta.url).pathname,
  globalTeardown: new URL('./jest.postgres.teardown.js', import.meta.url).pathname,
};
