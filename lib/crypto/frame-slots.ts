import { defaultFrameLength } from '#lib/crypto/message-header'

/**
 * Memory for the plaintext of one frame that all threads see, used again and again. Buffers of their own for each frame would be
 * garbage that lies outside the heap: V8 then collects the whole heap for every 64 MB that passes, which cost more than opening
 * and sending them (docs/decisions/017-frame-memory.md).
 *
 * @param length  bytes; slots of the length of our own frames come from what was given back, with what was last in them
 */
export function takeSlot(length: number): Uint8Array {
  return (length === defaultFrameLength ? idle.pop() : undefined) ?? new Uint8Array(new SharedArrayBuffer(length))
}

/** Gives memory back that nobody reads any more. A second after the last one nothing is left of what was in them. */
export function giveSlot(slot: Uint8Array): void {
  if (slot.length !== defaultFrameLength || idle.length >= mostIdle) {
    slot.fill(0)
    return
  }
  idle.push(slot)
  clearing ??= setTimeout(() => {
    clearing = undefined
    for (const each of idle.splice(0)) each.fill(0)
  }, 1000).unref()
  clearing.refresh()
}

const idle: Uint8Array[] = []
const mostIdle = 16
let clearing: NodeJS.Timeout | undefined
