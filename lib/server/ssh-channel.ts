import type { Socket } from 'node:net'
import { Readable, Writable } from 'node:stream'
import type { ServerChannel } from 'ssh2'

/** The two directions of one command's channel, as streams that behave: what ssh2's own do not when a client vanishes. */
export type SshStreams = Readonly<{
  /** What the client sends. It ends when the client says so, and breaks off with an error when the client vanishes. */
  input: Readable
  /** What the client is sent. A write is done once the client's window and the connection have taken it. */
  output: Writable
  /** A line for the client's user, beside the data: said only where no data was written. */
  say: (line: string) => void
  /** Ends the command, after all that was written, with an exit code. */
  exit: (code: number) => Promise<void>
  /** Ends the command at once: what the client has not taken yet is dropped. */
  cut: (code: number) => void
}>

/**
 * Puts streams around a channel of ssh2.
 *
 * ssh2 ends the readable side of a lost connection as if the client had finished, never calls back for a write to a closed
 * channel, throws from one on a connection that is gone, and takes data for a socket that is full. `gone` must fire before
 * ssh2 hears of the loss.
 */
export function sshStreams(channel: ServerChannel, socket: Socket, gone: AbortSignal): SshStreams {
  // The loss is heard of through `gone`; without a listener an error would end the process.
  channel.on('error', () => undefined)
  channel.stderr.on('error', () => undefined)
  const input = inputOf(channel, gone)
  const output = outputOf(channel, socket, gone)
  holdToWindow(channel, socket, gone)
  return {
    input,
    output,
    say: (line) => {
      // ssh2 mixes up what waits for the window on both streams, and would send data twice.
      if (!gone.aborted && !output.wrote) channel.stderr.write(`${line}\n`)
    },
    exit: async (code) => {
      await ended(output)
      input.destroy()
      if (gone.aborted) return
      channel.exit(code)
      channel.end()
    },
    cut: (code) => {
      output.destroy()
      input.destroy()
      if (gone.aborted) return
      channel.exit(code)
      channel.close()
    },
  }
}

function inputOf(channel: ServerChannel, gone: AbortSignal): Readable {
  const input = new Readable({
    highWaterMark: 256 * 1024,
    read: () => channel.resume(),
    destroy: (error, callback) => {
      // What comes after nobody reads any more; left where it is, it would fill the window and hide the client's end.
      channel.removeAllListeners('data')
      if (!gone.aborted) channel.resume()
      callback(error)
    },
  })
  // Whoever waits for more is told by the stream itself.
  input.on('error', () => undefined)
  channel.on('data', (chunk: Buffer) => {
    if (!input.push(chunk)) channel.pause()
  })
  channel.once('end', () => {
    if (!gone.aborted && !input.destroyed) input.push(null)
  })
  gone.addEventListener('abort', () => input.destroy(reasonOf(gone)), { once: true })
  return input
}

/** ssh2 keeps whatever a client sends, also beyond the window (2 MiB) that it was given. */
function holdToWindow(channel: ServerChannel, socket: Socket, gone: AbortSignal): void {
  const check = (): void => {
    if (channel.readableLength > maxUnread) socket.destroy()
  }
  socket.on('data', check)
  const stop = (): void => void socket.off('data', check)
  channel.once('close', stop)
  gone.addEventListener('abort', stop, { once: true })
}

const maxUnread = 8 * 1024 ** 2

function outputOf(channel: ServerChannel, socket: Socket, gone: AbortSignal): Writable & { wrote: boolean } {
  const stream = new Writable({
    highWaterMark: 256 * 1024,
    write: (chunk: Buffer, _encoding, callback) => {
      if (gone.aborted) {
        callback(reasonOf(gone))
        return
      }
      output.wrote = true
      // A chunk becomes packets of 32 KiB with three writes each: they leave together.
      socket.cork()
      process.nextTick(() => {
        socket.uncork()
      })
      channel.write(chunk, (error) => {
        if (error) callback(error)
        else if (socket.writableNeedDrain) socket.once('drain', () => { callback() })
        else callback()
      })
    },
  })
  const output = Object.assign(stream, { wrote: false })
  output.on('error', () => undefined)
  gone.addEventListener('abort', () => output.destroy(reasonOf(gone)), { once: true })
  return output
}

/** Settles when all of it has been taken, or nobody is left to take it. */
function ended(output: Writable): Promise<void> {
  if (output.destroyed || output.writableFinished) return Promise.resolve()
  return new Promise((resolve) => {
    output.once('close', resolve)
    output.end()
  })
}

function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('the client hung up')
}
