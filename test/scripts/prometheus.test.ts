import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findPrometheus, installPrometheus } from '../../scripts/prometheus.mjs'
import { emptyMachine } from './machine.ts'

let machine: ReturnType<typeof emptyMachine>
beforeEach(() => {
  machine = emptyMachine()
})
afterEach(() => machine.remove())

describe('the Prometheus of the tests', () => {
  it('is the one on the PATH, or the one that is named, with promtool beside it', () => {
    machine.put('prometheus', 'exit 0')
    expect(findPrometheus(machine.env)).toBeUndefined()
    machine.put('promtool', 'exit 0')
    expect(findPrometheus(machine.env)).toBe(`${machine.folder}/prometheus`)
    const named = { PATH: '', MILLRACE_TEST_PROMETHEUS: `${machine.folder}/prometheus` }
    expect(findPrometheus(named)).toBe(`${machine.folder}/prometheus`)
  })

  it('is nowhere on an empty machine, and nothing could install it', () => {
    expect(findPrometheus(machine.env)).toBeUndefined()
    expect(installPrometheus(machine.env, () => {})).toBe(false)
  })

  it.skipIf(process.getuid?.() !== 0)('is installed from the packages of Debian by root, and nothing else is', () => {
    machine.put('apt-get', `[ "$1" = install ] && echo "$*" >"${machine.folder}/installed"; exit 0`)
    const said: string[] = []
    expect(installPrometheus(machine.env, (line) => said.push(line))).toBe(true)
    expect(said).toHaveLength(1)
    expect(machine.read('installed')).toMatch(/^install -y --no-install-recommends prometheus\n$/)
  })

  it.skipIf(process.getuid?.() !== 0)('is missing when the installer fails, and what it said is shown', () => {
    machine.put('apt-get', `[ "$1" = install ] && { echo 'no network'; exit 1; }; exit 0`)
    const said: string[] = []
    expect(installPrometheus(machine.env, (line) => said.push(line))).toBe(false)
    expect(said.join('\n')).toContain('no network')
  })
})
