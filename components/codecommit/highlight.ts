import { bundledLanguages, bundledLanguagesInfo, createCssVariablesTheme, createHighlighter, type BundledLanguage, type Highlighter } from 'shiki'

/** A piece of a line and what kind it is, by the name of its class (`code-keyword`); a plain string is of no kind. */
export type CodeToken = string | readonly [kind: string, text: string]
export type CodeLine = readonly CodeToken[]

/**
 * The lines of a source text, coloured by the grammars of an editor. Bounded: a text above 256 KiB, a language that nobody knows and
 * lines that are reached after half a second stay plain. Other requests are served between its steps.
 */
export async function highlight(text: string, path: string): Promise<readonly CodeLine[]> {
  const lines = linesOf(text)
  const language = languageOf(path, lines[0] ?? '')
  if (language === undefined || text.length > mostCharacters) return lines.map(plain)
  const highlighter = await loaded(language)
  const coloured: CodeLine[] = []
  const until = Date.now() + budgetMs
  let state: ReturnType<Highlighter['getLastGrammarState']> | undefined
  for (let at = 0; at < lines.length && Date.now() < until; at += step) {
    const tokens = highlighter.codeToTokensBase(lines.slice(at, at + step).join('\n'), {
      lang: language,
      theme,
      tokenizeMaxLineLength: 1000,
      // A grammar's first line waits for its rules to be made; cut short, the line would be all of one kind.
      tokenizeTimeLimit: 2000,
      ...(state && { grammarState: state }),
    })
    state = highlighter.getLastGrammarState(tokens)
    coloured.push(...tokens.map((line) => line.map(({ content, color }): CodeToken => tokenOf(content, color))))
    await new Promise((resolve) => setImmediate(resolve))
  }
  return [...coloured, ...lines.slice(coloured.length).map(plain)]
}

/** The lines of a text: what ends a line is no part of it, and the last line's end begins no other. */
export function linesOf(text: string): string[] {
  return text.replace(/\r?\n$/, '').split(/\r?\n/)
}

function plain(line: string): CodeLine {
  return line === '' ? [] : [line]
}

function tokenOf(text: string, color: string | undefined): CodeToken {
  const kind = /^var\(--code-token-([a-z-]+)\)$/.exec(color ?? '')?.[1]
  return kind === undefined ? text : [kind, text]
}

function languageOf(path: string, firstLine: string): BundledLanguage | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase()
  const extension = name.includes('.') ? name.slice(name.lastIndexOf('.') + 1) : ''
  const program = /^#!.*\b(bash|sh|zsh|python|node|ruby|perl|deno)/.exec(firstLine)?.[1]
  const found = byFileName[name] ?? byExtension[extension] ?? program ?? extension
  const id = languageIds().get(found)
  return id !== undefined && id in bundledLanguages ? (id as BundledLanguage) : undefined
}

let ids: ReadonlyMap<string, string> | undefined

/** Every name and alias of a language; shiki's aliases are mostly the extensions of its files. */
function languageIds(): ReadonlyMap<string, string> {
  ids ??= new Map(bundledLanguagesInfo.flatMap(({ id, aliases = [] }) => [id, ...aliases].map((name) => [name, id] as const)))
  return ids
}

let started: Promise<Highlighter> | undefined

async function loaded(language: BundledLanguage): Promise<Highlighter> {
  started ??= createHighlighter({ themes: [theme], langs: [] })
  const highlighter = await started
  if (!highlighter.getLoadedLanguages().includes(language)) await highlighter.loadLanguage(language)
  return highlighter
}

/** Colours are classes, so that light and dark are the style sheet's matter, and a line is small. */
const theme = createCssVariablesTheme({ name: 'codekeep', variablePrefix: '--code-', fontStyle: false })

const byFileName: Readonly<Record<string, string>> = {
  dockerfile: 'docker',
  makefile: 'make',
  gnumakefile: 'make',
  'cmakelists.txt': 'cmake',
  gemfile: 'ruby',
  rakefile: 'ruby',
  '.bashrc': 'bash',
  '.profile': 'bash',
  '.gitconfig': 'ini',
  '.editorconfig': 'ini',
  'package-lock.json': 'json',
  'go.mod': 'go',
}

const byExtension: Readonly<Record<string, string>> = { h: 'c', hh: 'cpp', hpp: 'cpp', cc: 'cpp', cxx: 'cpp', pl: 'perl', pm: 'perl', htm: 'html', svg: 'xml', xsd: 'xml', plist: 'xml', tf: 'terraform', prisma: 'prisma', conf: 'ini' }

const mostCharacters = 256 * 1024
const budgetMs = 500
const step = 10
