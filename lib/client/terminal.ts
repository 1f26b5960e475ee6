/** Where a command writes: answers to `out`, what goes on to `err`. */
export type Terminal = Readonly<{
  out: (line: string) => void
  err: (line: string) => void
  /** One line that each call replaces; on no terminal, at most one a few seconds. */
  progress: (line: string) => void
  /** Ends the line of progress. */
  endProgress: () => void
  /** Has Ctrl-C call `listener` in place of ending the program. @returns takes it back */
  onInterrupt: (listener: () => void) => () => void
}>

/** What a command needs of the process that it runs in. */
export type Host = Readonly<{
  env: Readonly<Record<string, string | undefined>>
  stdout: NodeJS.WritableStream
  stderr: NodeJS.WriteStream
  on: (signal: 'SIGINT', listener: () => void) => unknown
  off: (signal: 'SIGINT', listener: () => void) => unknown
}>

/** The terminal of a process. */
export function terminalOf(host: Host): Terminal {
  const { stdout, stderr } = host
  let shown = ''
  let last = 0
  const clear = (): void => {
    if (stderr.isTTY && shown !== '') stderr.write('\r\x1b[K')
    shown = ''
  }
  return {
    out: (line) => {
      clear()
      stdout.write(`${line}\n`)
    },
    err: (line) => {
      clear()
      stderr.write(`${line}\n`)
    },
    progress: (line) => {
      if (line === shown) return
      if (stderr.isTTY) stderr.write(`\r\x1b[K${line.slice(0, stderr.columns - 1)}`)
      else if (Date.now() - last < 5000) return
      else stderr.write(`${line}\n`)
      last = Date.now()
      shown = line
    },
    endProgress: clear,
    onInterrupt: (listener) => {
      host.on('SIGINT', listener)
      return () => void host.off('SIGINT', listener)
    },
  }
}

/** `1.2 MiB` */
export function bytes(count: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = count < 1024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(count) / 10))
  return power === 0 ? `${count} bytes` : `${(count / 1024 ** power).toFixed(1)} ${units[power] ?? ''}`
}

/** `1 min 20 s` */
export function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`
  const minutes = Math.floor(seconds / 60)
  return minutes < 60 ? `${minutes} min ${Math.ceil(seconds % 60)} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** Waits for the next look at long work: often at first, then less, since each look is an event of the trail. */
export async function pause(looks: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, looks < 3 ? 300 : looks < 15 ? 1000 : looks < 60 ? 2000 : 5000))
}
