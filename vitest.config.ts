import { defineConfig } from 'vitest/config'

/** Folders whose tests decide over values and fakes: nothing that a file leaves behind meets another, so files share a process. */
const decisions = ['backup', 'canary', 'commands', 'config', 'gate', 'lint', 'migration', 'report', 'rollback', 'sql']

export default defineConfig({
  define: { __VERSION__: JSON.stringify('0.0.0-test') },
  test: {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    server: { deps: { inline: [/@actions\/workflow-parser/] } }, // it imports JSON in a way that Node refuses
    reporters: ['default', './test/slowest-files.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'world',
          include: ['test/**/*.test.ts'],
          exclude: decisions.map((folder) => `test/${folder}/**`),
          globalSetup: ['test/setup.ts'],
        },
      },
      {
        extends: true,
        test: { name: 'decisions', include: decisions.map((folder) => `test/${folder}/**/*.test.ts`), isolate: false },
      },
    ],
  },
})
