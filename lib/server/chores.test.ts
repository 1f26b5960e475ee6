import { expect, test, vi } from 'vitest'
import { startChores } from './chores.ts'

test('a chore runs at once and again, also after it failed, and never beside itself; stopping waits for the run under way', async () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  let runs = 0
  let atOnce = 0
  let most = 0
  const stop = startChores([
    {
      name: 'counting',
      everySeconds: 0.01,
      run: async () => {
        runs += 1
        most = Math.max(most, ++atOnce)
        await new Promise((resolve) => setTimeout(resolve, 30))
        atOnce -= 1
        if (runs === 1) throw new Error('the first time it fails')
      },
    },
  ])
  await vi.waitFor(() => expect(runs).toBeGreaterThan(2))
  await stop()
  expect([atOnce, most]).toEqual([0, 1])
  const before = runs
  await new Promise((resolve) => setTimeout(resolve, 80))
  expect(runs).toBe(before)
  expect(log).toHaveBeenCalledWith('counting failed', expect.any(Error))
  log.mockRestore()
})
