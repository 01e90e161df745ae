import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { claimAddress } from '../../scripts/pool-address.mjs'

const folder = mkdtempSync(join(tmpdir(), 'millrace-address-'))
afterAll(() => rmSync(folder, { recursive: true }))

let files = 0
const anyFile = () => join(folder, `${files++}`, 'pool.json')
const URL = 'redis://127.0.0.1:7000'

describe('the address of a local pool', () => {
  it('is there while the pool runs', () => {
    const file = anyFile()
    const release = claimAddress(file, URL)
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ url: URL, pid: process.pid })
    release?.()
    expect(existsSync(file)).toBe(false)
  })

  it('stays with the first of several pools', () => {
    const file = anyFile()
    claimAddress(file, URL)
    const first = JSON.stringify({ url: URL, pid: process.ppid })
    writeFileSync(file, first)
    expect(claimAddress(file, 'redis://127.0.0.1:7001')).toBeUndefined()
    expect(readFileSync(file, 'utf8')).toBe(first)
  })

  it.each([
    ['a pool that was killed', JSON.stringify({ url: URL, pid: 2 ** 30 })],
    ['a file that was cut off', '{"url":'],
    ['a file that is none of ours', 'null'],
    ['a process id that names a group', JSON.stringify({ url: URL, pid: -1 })],
  ])('is taken over from %s', (_, left) => {
    const file = anyFile()
    claimAddress(file, URL)
    writeFileSync(file, left)
    expect(claimAddress(file, URL)).toBeTypeOf('function')
  })
})
