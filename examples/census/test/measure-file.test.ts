import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { measureFile } from '../census/measure-file.ts'
import { pathToText, showPath, textToPath } from '../census/path-text.ts'

const folder = mkdtempSync(join(tmpdir(), 'census-measure-'))
afterAll(() => rmSync(folder, { recursive: true }))
const never = new AbortController().signal
const measure = (name: string, signal = never) => measureFile(name, Buffer.from(join(folder, name)), signal)

describe('measuring a file', () => {
  it('gives its bytes, its newlines and its SHA-256', async () => {
    writeFileSync(join(folder, 'abc'), 'abc\n')
    expect(await measure('abc')).toEqual({
      ok: true,
      file: {
        path: 'abc',
        bytes: 4,
        lines: 1,
        sha256: 'edeaaff3f1774ad2888673770c6d64097e391bc362d7d6fb34982ddf0efd18cb',
      },
    })
  })

  it('says why when the file has vanished or became a link', async () => {
    symlinkSync('abc', join(folder, 'link'))
    expect(await measure('gone')).toEqual({ ok: false, path: 'gone', why: 'ENOENT' })
    expect(await measure('link')).toEqual({ ok: false, path: 'link', why: 'ELOOP' })
  })

  // root may read everything, so this would prove nothing there
  it.skipIf(process.getuid?.() === 0)('says why when it may not be read', async () => {
    writeFileSync(join(folder, 'secret'), '')
    chmodSync(join(folder, 'secret'), 0)
    expect(await measure('secret')).toEqual({ ok: false, path: 'secret', why: 'EACCES' })
  })

  it('stops when its signal is aborted', async () => {
    await expect(measure('abc', AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop')
  })
})

describe('a path', () => {
  it.each([
    ['plain/file.ts', 'plain/file.ts'],
    ['new\nline', 'new\\nline'],
    ['base64:looks like it', 'base64:looks like it'],
    [Buffer.from([0x61, 0xff]), 'a\xff'],
  ])('%j survives JSON and can be shown', (path, shown) => {
    const bytes = Buffer.from(path as string)
    const text = JSON.parse(JSON.stringify(pathToText(bytes))) as string
    expect(textToPath(text)).toEqual(bytes)
    expect(showPath(text)).toBe(shown)
  })
})
