import { defineConfig } from '@playwright/test'
import { browserFlags, findBrowser } from './scripts/browser.mjs'

const executablePath = findBrowser()

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  globalSetup: './e2e/global-setup.ts',
  // Some stories start servers of their own, and the machine may have other things to do.
  timeout: 120_000,
  // Real processes on a shared machine: a second try tells a busy machine from a fault, and the report calls it flaky.
  retries: 1,
  expect: { timeout: 10_000 },
  // One server is shared: what a test makes has names of its own, so files may run side by side.
  workers: 2,
  forbidOnly: process.env['CI'] !== undefined,
  reporter: 'list',
  use: {
    // The server's certificate is by its own local CA; the git and aws projects check it, browsers here need not.
    ignoreHTTPSErrors: true,
    trace: 'retain-on-failure',
    launchOptions: { args: browserFlags, ...(executablePath !== undefined && { executablePath }) },
  },
  projects: [
    { name: 'console', testDir: 'e2e/console' },
    { name: 'git', testDir: 'e2e/git' },
    { name: 'aws', testDir: 'e2e/aws' },
    // npm run pictures alone: they change files of the repository.
    ...(process.env['CODEKEEP_PICTURES'] === undefined ? [] : [{ name: 'pictures', testDir: 'e2e/pictures' }]),
  ],
})
