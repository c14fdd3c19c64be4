import { defineConfig } from 'vitest/config'

const common = { pool: 'forks' as const, maxWorkers: 2, testTimeout: 30_000, hookTimeout: 60_000 }

/**
 * Four suites: `unit` (no sockets, no child processes), `broker` (dev broker over TCP and child processes),
 * `kafka` (real Apache Kafka, started by the tests) and `package` (the packed tarball).
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...common,
          name: 'unit',
          include: [
            'test/unit/**/*.test.ts',
            'test/sql/**/*.test.ts',
            'test/plan/**/*.test.ts',
            'test/property/**/*.test.ts',
            'test/fuzz/**/*.test.ts',
          ],
        },
      },
      {
        test: {
          ...common,
          name: 'broker',
          include: [
            'test/broker/**/*.test.ts',
            'test/recovery/**/*.test.ts',
            'test/examples/**/*.test.ts',
            'test/cli/**/*.test.ts',
            'test/demo/**/*.test.ts',
            'test/harness/**/*.test.ts',
          ],
          testTimeout: 120_000,
        },
      },
      {
        test: {
          ...common,
          name: 'kafka',
          include: ['test/kafka/**/*.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 240_000,
          fileParallelism: false,
        },
      },
      { test: { ...common, name: 'package', include: ['test/package/**/*.test.ts'], testTimeout: 240_000 } },
    ],
  },
})
