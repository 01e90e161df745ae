import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { chooseAddress, DEFAULT_URL } from '../../src/cli/address.ts'
import { findLocalPool } from '../../src/cli/local-pool.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-pool-'))
  mkdirSync(join(folder, '.millrace'))
  mkdirSync(join(folder, 'a', 'b'), { recursive: true })
})
afterEach(() => rmSync(folder, { recursive: true }))

const poolFile = (text: string) => writeFileSync(join(folder, '.millrace', 'pool.json'), text)
const url = 'redis://127.0.0.1:7'

describe('the local pool', () => {
  it('is found from its folder and every folder below', () => {
    poolFile(JSON.stringify({ url, pid: process.pid }))
    expect(findLocalPool(folder)).toBe(url)
    expect(findLocalPool(join(folder, 'a', 'b'))).toBe(url)
  })

  it('is none when the process that ran it has ended', () => {
    const { pid } = spawnSync('true')
    poolFile(JSON.stringify({ url, pid }))
    expect(findLocalPool(folder)).toBeUndefined()
  })

  it.each(['', 'not json', '[]', '{"url":5,"pid":1}', 'null'])('is none when its file holds %j', (text) => {
    poolFile(text)
    expect(findLocalPool(folder)).toBeUndefined()
  })
})

describe('the address of the Redis', () => {
  it('is what was said on the command line, else in the environment, else the local pool, else the default', () => {
    const [flag, environment, localPool] = ['redis://a', 'redis://b', 'redis://c']
    expect(chooseAddress({ flag, environment, localPool }).url).toBe(flag)
    expect(chooseAddress({ environment, localPool }).url).toBe(environment)
    expect(chooseAddress({ localPool }).url).toBe(localPool)
    expect(chooseAddress({}).url).toBe(DEFAULT_URL)
  })
})
