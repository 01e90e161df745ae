import type { Measured } from './measure-file.ts'
import { showPath } from './path-text.ts'

export interface LanguageCount {
  readonly language: string
  readonly files: number
  readonly lines: number
  readonly bytes: number
}

const BY_EXTENSION: Readonly<Record<string, string>> = {
  ts: 'TypeScript', tsx: 'TypeScript', mts: 'TypeScript', cts: 'TypeScript',
  js: 'JavaScript', jsx: 'JavaScript', mjs: 'JavaScript', cjs: 'JavaScript',
  lua: 'Lua', py: 'Python', rb: 'Ruby', go: 'Go', rs: 'Rust', java: 'Java', kt: 'Kotlin', swift: 'Swift', php: 'PHP',
  c: 'C', h: 'C', cc: 'C++', cpp: 'C++', cxx: 'C++', hpp: 'C++', cs: 'C#', ex: 'Elixir', exs: 'Elixir', erl: 'Erlang',
  sh: 'Shell', bash: 'Shell', zsh: 'Shell', sql: 'SQL', r: 'R', pl: 'Perl', scala: 'Scala', hs: 'Haskell', zig: 'Zig',
  html: 'HTML', css: 'CSS', scss: 'CSS', md: 'Markdown', txt: 'Text', json: 'JSON', yaml: 'YAML', yml: 'YAML',
  toml: 'TOML', xml: 'XML', svg: 'SVG', csv: 'CSV',
} // biome-ignore format: a table reads better in rows

const BY_NAME: Readonly<Record<string, string>> = { Dockerfile: 'Docker', Makefile: 'Make', LICENSE: 'Text' }

/** The language of a file by its name; `Binary` when it has no lines, `Other` when the name says nothing. */
function languageOf(file: Measured): string {
  if (file.lines === null) return 'Binary'
  const name = showPath(file.path).split('/').at(-1) ?? ''
  const extension = name.includes('.') ? (name.split('.').at(-1) ?? '').toLowerCase() : ''
  return BY_NAME[name] ?? (Object.hasOwn(BY_EXTENSION, extension) ? (BY_EXTENSION[extension] as string) : 'Other')
}

/** Adds files to counts by language; most lines first, then most bytes. */
export function countLanguages(files: Iterable<Measured>, before: readonly LanguageCount[] = []): LanguageCount[] {
  const counts = new Map(before.map((count) => [count.language, { ...count }]))
  for (const file of files) {
    const language = languageOf(file)
    const count = counts.get(language) ?? { language, files: 0, lines: 0, bytes: 0 }
    counts.set(language, {
      language,
      files: count.files + 1,
      lines: count.lines + (file.lines ?? 0),
      bytes: count.bytes + file.bytes,
    })
  }
  return [...counts.values()].sort(
    (a, b) => b.lines - a.lines || b.bytes - a.bytes || (a.language < b.language ? -1 : 1),
  )
}
