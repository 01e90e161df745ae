import type { Redis } from 'ioredis'
import { openOurs } from '../pools/ours.ts'
import { openRaw } from '../pools/raw.ts'
import { defineCase } from '../runner/case.ts'
import { plain } from '../shapes/flows.ts'
import { independent, layered } from '../shapes/workflows.ts'

/** Bytes that Redis uses for data: without the buffers of its clients, which come and go. */
async function usedBytes(redis: Redis): Promise<number> {
  const info = await redis.info('memory')
  const field = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? Number.NaN)
  return field('used_memory') - field('mem_clients_normal')
}

/** What the data of `count` jobs takes, per job. The first few jobs bring what every pool has, and are not counted. */
async function bytesPerJob(redis: Redis, count: number, fill: (count: number) => Promise<unknown>): Promise<number> {
  await fill(20)
  const before = await usedBytes(redis)
  await fill(count)
  return ((await usedBytes(redis)) - before) / count
}

export default [
  defineCase({
    name: 'memory-needs',
    measures: 'Bytes of Redis per waiting job of a workflow with two needs each; raw: per plain job.',
    rows: { bytes: { what: 'memory of a job with two needs', unit: 'B', target: { of: 'ratio', atMost: 1.7 } } },
    async ours(room) {
      await using pool = await openOurs(room)
      const fill = (count: number) => pool.submitAll([layered(count, 2)])
      return { bytes: await bytesPerJob(room.redis, room.size(10_000, 1_000), fill) }
    },
    async raw(room) {
      await using pool = await openRaw(room)
      return {
        bytes: await bytesPerJob(room.redis, room.size(10_000, 1_000), (count) => pool.addBulk(plain(count))),
      }
    },
  }),
  defineCase({
    name: 'memory-plain',
    measures: 'Bytes of Redis per queued job that needs nothing; raw: per plain job.',
    rows: { bytes: { what: 'memory of a job without needs', unit: 'B' } },
    async ours(room) {
      await using pool = await openOurs(room)
      const fill = (count: number) => pool.submitAll(independent(count))
      return { bytes: await bytesPerJob(room.redis, room.size(10_000, 1_000), fill) }
    },
    async raw(room) {
      await using pool = await openRaw(room)
      return {
        bytes: await bytesPerJob(room.redis, room.size(10_000, 1_000), (count) => pool.addBulk(plain(count))),
      }
    },
  }),
]
