import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { type Look, plainLook } from '../../../src/cli/output/look.ts'
import { type Column, renderTable } from '../../../src/cli/output/table.ts'

interface Row {
  readonly id: string
  readonly size: number
  readonly note: string
}

const columns: Column<Row>[] = [
  { title: 'id', cell: ({ id }) => id },
  { title: 'size', align: 'right', drop: 1, cell: ({ size }) => String(size) },
  { title: 'note', least: 5, cell: ({ note }) => note },
]

const rows: Row[] = [
  { id: 'first', size: 7, note: 'all is well with this one' },
  { id: 'second-one', size: 1200, note: '日本語' },
]

const render = (width: number, some: readonly Row[] = rows) =>
  renderTable(columns, some, { ...plainLook(0), width }).split('\n')

describe('a table', () => {
  it('aligns its columns, numbers to the right', () => {
    expect(render(Infinity)).toEqual([
      'ID          SIZE  NOTE',
      'first          7  all is well with this one',
      'second-one  1200  日本語',
    ])
  })

  it('cuts what may be cut to the width of the terminal, and says so', () => {
    expect(render(30)).toEqual(['ID          SIZE  NOTE', 'first          7  all is well…', 'second-one  1200  日本語'])
  })

  it('measures wide characters as the terminal draws them', () => {
    const line = render(23)[2]
    expect(line).toBe('second-one  1200  日本…')
  })

  it('leaves out a column rather than cutting an id', () => {
    expect(render(20)).toEqual(['ID          NOTE', 'first       all is…', 'second-one  日本語'])
  })

  it('becomes blocks of lines when even that does not fit', () => {
    expect(render(12)).toEqual(['first', '  note  all is well with this one', '', 'second-one', '  note  日本語'])
  })

  it('leaves out columns without content', () => {
    expect(render(Infinity, [{ id: 'a', size: 1, note: '' }])).toEqual(['ID  SIZE', 'a      1'])
  })

  it('is as wide with colours as without', () => {
    const look: Look = { ...plainLook(0), paint: (_, text) => `\u001b[31m${text}\u001b[39m` }
    const styled: Column<Row>[] = [{ title: 'id', cell: ({ id }) => ({ text: id, style: 'red' }) }, ...columns.slice(1)]
    const bare = stripVTControlCharacters(renderTable(styled, rows, look))
    expect(bare.split('\n').map((line) => line.trimEnd())).toEqual(render(Infinity))
  })
})
