import { Session } from 'node:inspector/promises'
import { selfTimeByPackage } from './self-time.ts'

const SAMPLE_US = 250

/** Starts V8's profiler in this process: what `--cpu-prof` does, for the measured part alone. */
export async function startProfile() {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.setSamplingInterval', { interval: SAMPLE_US })
  await session.post('Profiler.start')
  return {
    /** Self time in milliseconds by package and function. */
    async stop(): Promise<Record<string, number>> {
      const { profile } = await session.post('Profiler.stop')
      session.disconnect()
      return selfTimeByPackage(profile)
    },
  }
}
