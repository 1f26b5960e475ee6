import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { giveSlot, takeSlot } from '#lib/crypto/frame-slots'

const frameLength = 1 << 20

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.runAllTimers()
  vi.useRealTimers()
})

test('memory that was given back is taken again, one taker each; sixteen frames are kept and no more', () => {
  const slots = Array.from({ length: 18 }, () => takeSlot(frameLength))
  expect(new Set(slots.map(({ buffer }) => buffer)).size).toBe(18)
  for (const slot of slots) giveSlot(slot)
  const again = Array.from({ length: 18 }, () => takeSlot(frameLength))
  expect(new Set(again).size).toBe(18)
  expect(again.filter((slot) => slots.includes(slot))).toHaveLength(16)
  for (const slot of again) giveSlot(slot)
})

test('nothing of a repository stays in it a second after its last use', () => {
  const [kept, odd] = [takeSlot(frameLength), takeSlot(100)]
  for (const slot of [kept, odd]) slot.fill(120)
  giveSlot(odd)
  expect(odd.every((byte) => byte === 0)).toBe(true)
  giveSlot(kept)
  expect(takeSlot(frameLength)).toBe(kept)
  vi.advanceTimersByTime(2000)
  expect(kept[0]).toBe(120)
  giveSlot(kept)
  vi.advanceTimersByTime(999)
  expect(kept[0]).toBe(120)
  vi.advanceTimersByTime(1)
  expect(kept.every((byte) => byte === 0)).toBe(true)
  expect(takeSlot(frameLength)).not.toBe(kept)
})
