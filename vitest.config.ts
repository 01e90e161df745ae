import { defineConfig } from 'vitest/config'

const shared = {
  exclude: ['**/node_modules/**', '**/fixtures/**'],
  testTimeout: 30_000,
  hookTimeout: 30_000,
}

export default defineConfig({
  test: {
    // every test file has a namespace of its own in one Redis; more files at once only make each slower
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...shared,
          name: 'tests',
          include: [
            'packages/*/test/**/*.test.ts',
            'examples/*/test/**/*.test.ts',
            'bench/test/**/*.test.ts',
            'test/**/*.test.ts',
          ],
          sequence: { groupOrder: 0 },
        },
      },
      // chaos wants the machine for itself: it runs when the others have ended, one scenario at a time
      {
        test: {
          ...shared,
          name: 'chaos',
          include: ['chaos/**/*.test.ts'],
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
