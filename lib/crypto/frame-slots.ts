import { defaultFrameLength } from '#lib/crypto/message-header'

/**
 * Memory for the plaintext of one frame that all threads see, used again and again. Buffers of their own for each frame would be
 * garbage that lies outside the heap: V8 then collects the whole heap for every 64 MB that passes, which cost more than opening
 * and sending them.
 *
 * @param length  bytes; of the length of our own frames they come from what was given back
 */
export function takeSlot(length: number): Uint8Array {
  return (length === defaultFrameLength ? idle.pop() : undefined) ?? new Uint8Array(new SharedArrayBuffer(length))
}

/** Gives memory back that nobody reads any more. */
export function giveSlot(slot: Uint8Array): void {
  if (slot.length === defaultFrameLength && idle.length < mostIdle) idle.push(slot)
}

const idle: Uint8Array[] = []
const mostIdle = 16
