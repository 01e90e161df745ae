import { mkdirSync, writeFileSync } from 'node:fs'
import { Session } from 'node:inspector/promises'
import { join } from 'node:path'
import { type SelfTime, selfTimes } from './self-time.ts'

const SAMPLE_US = 250

/**
 * Starts V8's profiler in this process: what `--cpu-prof` does, for the measured part alone.
 *
 * @param folder gets `<name>-<process id>.cpuprofile`, which Chrome's developer tools open.
 */
export async function startProfile(folder: string, name: string) {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.setSamplingInterval', { interval: SAMPLE_US })
  await session.post('Profiler.start')
  return {
    async stop(): Promise<SelfTime[]> {
      const { profile } = await session.post('Profiler.stop')
      session.disconnect()
      mkdirSync(folder, { recursive: true })
      writeFileSync(join(folder, `${name}-${process.pid}.cpuprofile`), JSON.stringify(profile))
      return selfTimes(profile)
    },
  }
}
