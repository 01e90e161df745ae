import type { LanguageCount } from '../census/languages.ts'
import { showPath } from '../census/path-text.ts'
import type { Summary } from '../census/summary.ts'
import { bar, columns, ring } from './charts.ts'
import { html, type Markup } from './html.ts'
import { STYLE } from './style.ts'
import { plural, showBytes, showCount, showShare } from './units.ts'

/** Colours of the page; the last is for the rest. */
const COLOURS = 8

/** The report as one page that loads nothing from anywhere. */
export function reportPage(summary: Summary): string {
  const { folder, files, languages, lines, bytes, duplicates } = summary
  const name = folder.split('/').filter(Boolean).at(-1) ?? '/'
  const body = html`<main>
<h1>Census of ${name}</h1>
<p class="folder">${folder}</p>
<dl class="numbers">
  ${number('Files', showCount(files))}
  ${number('Lines', showCount(lines))}
  ${number('Size', showBytes(bytes))}
  ${number('Languages', showCount(languages.length))}
  ${number('Duplicates waste', showBytes(duplicates.wasted))}
</dl>
<div class="two">
  ${languageSection(languages, 'lines', 'Languages by lines', lines, showCount, 'lines')}
  ${languageSection(languages, 'bytes', 'Languages by size', bytes, showBytes, 'in all')}
</div>
${sizeSection(summary)}
${largestSection(summary)}
${duplicateSection(summary)}
${countedSection(summary)}
</main>`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${html`Census of ${name}`.text}</title>
<style>${STYLE}</style>
</head>
<body>
${body.text}
</body>
</html>
`
}

const number = (label: string, value: string) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`

function languageSection(
  languages: readonly LanguageCount[],
  field: 'lines' | 'bytes',
  title: string,
  whole: number,
  show: (value: number) => string,
  unit: string,
): Markup {
  const sorted = languages.filter((count) => count[field] > 0).sort((a, b) => b[field] - a[field])
  const named = sorted.length <= COLOURS ? sorted : sorted.slice(0, COLOURS - 1)
  const rest = sorted.slice(named.length)
  const slices = named.map((count, index) => slice(count.language, count[field], index + 1))
  if (rest.length > 0)
    slices.push(
      slice(
        `${rest.length} others`,
        rest.reduce((sum, count) => sum + count[field], 0),
        COLOURS,
      ),
    )

  function slice(label: string, value: number, colour: number) {
    return { label, value, shown: `${show(value)} (${showShare(value, whole)})`, colour }
  }
  const rows = slices.map(
    ({ label, value, colour }) => html`<tr><td><span class="dot c${colour}" aria-hidden="true"></span>${label}</td>
      <td class="n">${show(value)}</td><td class="n quiet">${showShare(value, whole)}</td></tr>`,
  )
  const table = html`<table><thead><tr><th>Language</th><th class="n">${field === 'lines' ? 'Lines' : 'Size'}</th><th class="n">Share</th></tr></thead>
    <tbody>${rows}</tbody></table>`
  return html`<section><h2>${title}</h2>${
    slices.length === 0
      ? html`<p class="quiet">Nothing to show.</p>`
      : html`<div class="share">${ring(slices, title, show(whole), unit)}${table}</div>`
  }</section>`
}

function sizeSection({ sizes, files }: Summary): Markup {
  const label = (from: number, to: number | null) =>
    to === null ? `≥ ${showBytes(from)}` : from === 0 ? 'empty' : `< ${showBytes(to)}`
  const chart = columns(
    sizes.map(({ from, to, files }) => ({ label: label(from, to), value: files })),
    'Files by size',
  )
  return html`<section><h2>Files by size</h2>${files === 0 ? html`<p class="quiet">There are no files.</p>` : chart}</section>`
}

function largestSection({ largest, bytes }: Summary): Markup {
  const most = largest[0]?.bytes ?? 0
  const rows = largest.map(
    (file) => html`<tr><td class="name path">${showPath(file.path)}</td><td class="wide">${bar(file.bytes, most)}</td>
      <td class="n">${showBytes(file.bytes)}</td><td class="n quiet">${showShare(file.bytes, bytes)}</td></tr>`,
  )
  const table = html`<table><thead><tr><th>File</th><th class="wide"></th><th class="n">Size</th><th class="n">Share</th></tr></thead><tbody>${rows}</tbody></table>`
  return html`<section><h2>Largest files</h2>${largest.length === 0 ? html`<p class="quiet">There are no files.</p>` : table}</section>`
}

function duplicateSection({ duplicates }: Summary): Markup {
  const most = duplicates.worst[0]?.wasted ?? 0
  const rows = duplicates.worst.map(({ paths, files, bytes, wasted }) => {
    const items = paths.map((path) => html`<li class="path">${showPath(path)}</li>`)
    const more =
      files > paths.length ? html`<li class="quiet">and ${plural(files - paths.length, 'other')}</li>` : html``
    return html`<tr><td class="name"><ul class="files">${items}${more}</ul></td><td class="wide">${bar(wasted, most, 3)}</td>
      <td class="n">${showCount(files)} × ${showBytes(bytes)}</td><td class="n">${showBytes(wasted)}</td></tr>`
  })
  const table = html`<table><thead><tr><th>Files with the same content</th><th class="wide"></th><th class="n">Copies</th><th class="n">Wasted</th></tr></thead><tbody>${rows}</tbody></table>`
  const { groups, wasted } = duplicates
  const text =
    groups === 0 ? 'No two files have the same content.' : `${plural(groups, 'group')}, ${showBytes(wasted)} wasted.`
  const shown = groups > duplicates.worst.length ? ` The ${duplicates.worst.length} that waste most:` : ''
  return html`<section><h2>Duplicates</h2><p class="quiet">${text}${shown}</p>${groups === 0 ? html`` : table}</section>`
}

function countedSection(summary: Summary): Markup {
  const { binary, links, others, unreadable, unreadableCount, findCommand } = summary
  const items = unreadable.map(
    ({ path, why }) => html`<li><span class="path">${showPath(path)}</span> <span class="quiet">${why}</span></li>`,
  )
  return html`<section><h2>What was counted</h2>
    <p>Regular files. Lines are newline characters, as <code>wc -l</code> counts them; ${plural(binary, 'binary file')} ${binary === 1 ? 'has' : 'have'} none.
    Not followed: ${plural(links, 'link')}. Not opened: ${plural(others, 'special file')} (devices, pipes, sockets). Unreadable: ${showCount(unreadableCount)}.</p>
    <ul class="files">${items}</ul>
    <p class="quiet">The same files, by another program:</p><pre><code>${findCommand}</code></pre></section>`
}
