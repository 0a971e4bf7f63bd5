import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['e2e/*.test.ts'],
    // Builds the program once, and ends every server that a test started.
    globalSetup: ['e2e/program.ts'],
    // A page waits about as long as it computes: two files at a time, whatever the machine.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 180_000,
    restoreMocks: true,
  },
})
