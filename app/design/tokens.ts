import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Tokens that stand together in app/globals.css, under its words for them. */
export type TokenGroup = Readonly<{ title: string; tokens: readonly (readonly [name: string, value: string])[] }>

/** The console's tokens as they are defined, read from where that is: colours, sizes and durations, and what Tailwind makes classes of. */
export function readTokens(): Readonly<{ root: readonly TokenGroup[]; theme: readonly TokenGroup[] }> {
  const css = readFileSync(join(process.cwd(), 'app/globals.css'), 'utf8')
  return { root: groupsOf(/:root \{\n([\s\S]*?)\n {2}\}/.exec(css)?.[1] ?? ''), theme: groupsOf(/@theme inline \{\n([\s\S]*?)\n\}/.exec(css)?.[1] ?? '') }
}

/** What a block says, comment by comment; what a star takes away is no token. */
function groupsOf(block: string): TokenGroup[] {
  return block
    .split('/*')
    .map((part) => {
      const [comment = '', rest = ''] = part.includes('*/') ? part.split('*/') : ['', part]
      return { title: comment.trim(), tokens: [...rest.matchAll(/--([a-z0-9-]+): ([^;]+);/g)].map(([, name = '', value = '']) => [name, value] as const) }
    })
    .filter(({ tokens }) => tokens.length > 0)
}
