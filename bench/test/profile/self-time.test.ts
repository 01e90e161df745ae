import { describe, expect, it } from 'vitest'
import { type CpuProfile, selfTimes } from '../../profile/self-time.ts'

const frame = (id: number, functionName: string, url: string) => ({
  id,
  callFrame: { functionName, url, lineNumber: 1 },
})

const profile: CpuProfile = {
  nodes: [
    frame(1, '(idle)', ''),
    frame(2, 'decode', 'file:///w/node_modules/.pnpm/ioredis@6/node_modules/ioredis/built/index.js'),
    frame(3, '', 'file:///w/node_modules/.pnpm/ioredis@6/node_modules/ioredis/built/x.js'),
    frame(4, 'execute', 'file:///w/packages/worker/src/attempt/execute.ts'),
    frame(5, 'writeBuffer', ''),
    frame(6, '(garbage collector)', ''),
    frame(7, 'post', 'node:inspector'),
    frame(8, 'nextTick', 'node:internal/process'),
  ],
  samples: [1, 2, 3, 4, 5, 6, 7, 8, 2],
  timeDeltas: [900, 1_000, 2_000, 3_000, 4_000, 5_000, 900, 500, 1_000],
}

describe('self times', () => {
  it('are added up by package and by function, the longest first, without idling and the profiler', () => {
    expect(selfTimes(profile).map(({ where, functionName, ms }) => `${where} ${functionName ?? '*'} ${ms}`)).toEqual([
      '(garbage collector) * 5',
      'ioredis * 4',
      '(native) * 4',
      '(native) writeBuffer 4',
      '@millrace/worker * 3',
      '@millrace/worker execute 3',
      'ioredis decode 2',
      'ioredis (anonymous) 2',
      'node * 0.5',
      'node nextTick 0.5',
    ])
  })
})
