// The stages of npm run check, npm run e2e and npm test: each runs to its end, whatever those before it found, and is counted.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installBrowser } from './browser.mjs'
import { root } from './steps.mjs'

const reports = mkdtempSync(join(tmpdir(), 'codekeep-tests-'))
process.once('exit', () => rmSync(reports, { recursive: true, force: true }))

/** ESLint over everything; one failure where it finds anything. */
export function lint() {
  return whole('lint', ['node_modules/eslint/bin/eslint.js', '.', '--max-warnings', '0'])
}

/** The type checker; one failure where it finds anything. */
export function types() {
  return whole('types', ['node_modules/typescript/bin/tsc', '--noEmit'])
}

/** Vitest: the tests beside their subjects. */
export function unit() {
  const file = join(reports, 'unit.json')
  const code = stage('unit', ['node_modules/vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`])
  const report = read(file)
  if (!report) return { passed: 0, failed: 1, skipped: 0 }
  const { numPassedTests: passed, numFailedTests, numPendingTests = 0, numTodoTests = 0 } = report
  for (const { assertionResults } of report.testResults) {
    for (const { status, fullName } of assertionResults) if (status === 'skipped' || status === 'pending') console.log(`skipped: ${fullName}`)
  }
  return { passed, failed: atLeastOne(numFailedTests, code), skipped: numPendingTests + numTodoTests }
}

/** Playwright: real clients against the real server. */
export function e2e(args = []) {
  const browser = installBrowser()
  if (browser === undefined) console.error('codekeep: there is no browser and none could be installed; set PLAYWRIGHT_CHROMIUM to a Chromium')
  const file = join(reports, 'e2e.json')
  const environment = { PLAYWRIGHT_JSON_OUTPUT_FILE: file, ...(browser !== undefined && { PLAYWRIGHT_CHROMIUM: browser }) }
  const code = stage('e2e', ['node_modules/@playwright/test/cli.js', 'test', '--reporter=list,json', ...args], environment)
  const report = read(file)
  if (!report) return { passed: 0, failed: 1, skipped: 0 }
  const { expected, flaky, unexpected, skipped } = report.stats
  for (const { title, annotations } of skippedIn(report.suites)) {
    console.log(`skipped: ${title}: ${annotations.flatMap(({ type, description }) => (type === 'skip' && description ? [description] : [])).join('; ')}`)
  }
  // A test that passes at its second try has failed.
  return { passed: expected, failed: atLeastOne(unexpected + flaky, code), skipped }
}

/** The tests of a Playwright report that were skipped, each with what it says of that. */
function skippedIn(suites = []) {
  return suites.flatMap(({ specs = [], suites: inner }) => [
    ...specs.flatMap(({ title, tests }) => tests.filter(({ status }) => status === 'skipped').map(({ annotations }) => ({ title, annotations }))),
    ...skippedIn(inner),
  ])
}

/** Prints the sum as the last line, and ends the process with it. */
export function finish(results) {
  const sum = (name) => results.reduce((total, result) => total + result[name], 0)
  if (sum('skipped') > 0) console.log(`${sum('skipped')} skipped`)
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`)
  process.exitCode = sum('failed') === 0 ? 0 : 1
}

function whole(name, args) {
  return { passed: 0, failed: stage(name, args) === 0 ? 0 : 1, skipped: 0 }
}

function stage(name, args, environment = {}) {
  console.log(`\n== ${name}`)
  const began = Date.now()
  const { status, error } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...environment } })
  const code = error ? 1 : (status ?? 1)
  console.log(`== ${name}: ${code === 0 ? 'ok' : 'failed'} (${Math.round((Date.now() - began) / 1000)} s)`)
  return code
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

/** A run that failed outside any test (a file that does not load, a server that does not start) has failed. */
function atLeastOne(failed, code) {
  return failed === 0 && code !== 0 ? 1 : failed
}
