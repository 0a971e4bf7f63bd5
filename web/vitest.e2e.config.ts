import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['e2e/**/*.test.ts'],
    // Builds the program once, and ends every server that a test started.
    globalSetup: ['e2e/program.ts'],
    // One browser and one server at a time leave the machine to what is tested.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 180_000,
    restoreMocks: true,
  },
})
