import { describe, expect, it } from 'vitest'
import { defineTask } from '../../src/index.ts'
import { eventually, job, openRoom } from '../room.ts'

describe('a worker that is closed', () => {
  it.each(['after a job', 'before it had one'])(
    '%s leaves no connection behind, so that its process can end',
    async (when) => {
      const room = await openRoom()
      const connections = async () => {
        const list = (await room.client.client('LIST')) as string
        return list.split('\n').filter((line) => line.includes(`name=${room.keys.prefix}`)).length
      }
      const worker = await room.start([defineTask({ name: 'a' }, () => 1)])
      if (when === 'after a job') await room.ended(await room.submit(job('a', 'a')))
      expect(await connections()).toBeGreaterThan(0)
      await worker.close()
      await eventually(connections).toBe(0)
      await room.close()
    },
  )
})
