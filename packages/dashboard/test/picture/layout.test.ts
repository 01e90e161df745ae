import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Drawn, layered } from '../../src/picture/layers.ts'
import { layOut } from '../../src/picture/layout.ts'
import { drawnOf } from '../../src/picture/spawned.ts'
import { spread } from '../../src/picture/spread.ts'

/** Jobs in topological order, each of which needs some of those before it. */
const dags = fc.array(fc.array(fc.nat(200), { maxLength: 4 }), { maxLength: 120 }).map((rows): Drawn[] =>
  rows.map((needs, index) => ({
    name: `j${index}`,
    needs: index === 0 ? [] : [...new Set(needs.map((need) => `j${need % index}`))],
  })),
)

const fan = (jobs: number): Drawn[] => {
  const middle = Array.from({ length: jobs - 2 }, (_, n) => ({ name: `m${n}`, needs: ['first'] }))
  return [{ name: 'first', needs: [] }, ...middle, { name: 'last', needs: middle.map(({ name }) => name) }]
}

describe('a picture of jobs', () => {
  it('has each job once, every need to the left of what needs it, and no two on top of each other', () => {
    fc.assert(
      fc.property(dags, (jobs) => {
        const { boxes, box, width, height } = layOut(jobs)
        expect(boxes.map(({ name }) => name).toSorted()).toEqual(jobs.map(({ name }) => name).toSorted())
        const at = new Map(boxes.map((one) => [one.name, one]))
        for (const { name, needs } of jobs) {
          for (const need of needs)
            expect((at.get(need)?.x as number) + box.width).toBeLessThan(at.get(name)?.x as number)
        }
        for (const [index, a] of boxes.entries()) {
          expect(a.x >= 0 && a.y >= 0 && a.x + box.width <= width && a.y + box.height <= height).toBe(true)
          for (const b of boxes.slice(index + 1)) {
            expect(Math.abs(a.x - b.x) >= box.width || Math.abs(a.y - b.y) >= box.height).toBe(true)
          }
        }
      }),
      { numRuns: 60 },
    )
  })

  it('leads every line from the right side of the need to the left side of the job, and never back', () => {
    fc.assert(
      fc.property(dags, (jobs) => {
        const { boxes, lines, box } = layOut(jobs)
        const at = new Map(boxes.map((one) => [one.name, one]))
        expect(lines).toHaveLength(jobs.reduce((sum, { needs }) => sum + needs.length, 0))
        for (const { from, to, points } of lines) {
          const xs = points.filter((_, index) => index % 2 === 0)
          expect(xs[0]).toBe((at.get(from)?.x as number) + box.width)
          expect(xs.at(-1)).toBe(at.get(to)?.x)
          expect(xs.toSorted((a, b) => a - b)).toEqual(xs)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('is the same each time, and is there when there is nothing', () => {
    expect(layOut(fan(50))).toEqual(layOut(fan(50)))
    expect(layOut([])).toMatchObject({ width: 0, height: 0, boxes: [], lines: [] })
  })

  it('folds a fan of 2,000 jobs into a picture of a shape that fits a screen, within a second', () => {
    const begun = performance.now()
    const { width, height } = layOut(fan(2_000))
    expect(performance.now() - begun).toBeLessThan(1_000)
    expect(width / height).toBeGreaterThan(0.8)
    expect(width / height).toBeLessThan(3)
  })
})

describe('layers', () => {
  it('let all long lines of one job share their way', () => {
    const jobs = ['a', 'b', 'c', 'd'].map((name, index, all) => ({ name, needs: all.slice(0, index) }))
    const { layers } = layered(jobs)
    expect(layers.map((layer) => layer.length)).toEqual([1, 2, 3, 1])
  })
})

describe('spawned jobs', () => {
  it('stand between their spawner and what needs it', () => {
    const jobs = [
      { name: 'scan', needs: [] },
      { name: 'measure', needs: ['scan'] },
      { name: 'measure.0', needs: [] },
      { name: 'measure.1', needs: [] },
      { name: 'largest', needs: ['measure'] },
      { name: 'report', needs: ['measure', 'largest'] },
    ]
    const drawn = Object.fromEntries(drawnOf(jobs).map(({ name, needs }) => [name, needs]))
    expect(drawn).toEqual({
      scan: [],
      measure: ['scan'],
      'measure.0': ['measure'],
      'measure.1': ['measure'],
      largest: ['measure.0', 'measure.1'],
      report: ['measure', 'largest'],
    })
  })
})

describe('spread', () => {
  it('keeps the gaps, and moves nothing that has room', () => {
    expect(spread([0, 100, 200], [0, 50, 50])).toEqual([0, 100, 200])
    expect(spread([0, 0, 0], [0, 10, 10])).toEqual([-10, 0, 10])
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -500, max: 500 }), fc.integer({ min: 1, max: 60 })), { maxLength: 40 }),
        (points) => {
          const placed = spread(
            points.map(([wanted]) => wanted),
            points.map(([, gap]) => gap),
          )
          for (let i = 1; i < placed.length; i++) {
            expect((placed[i] as number) - (placed[i - 1] as number)).toBeGreaterThanOrEqual(
              (points[i]?.[1] as number) - 1e-6,
            )
          }
        },
      ),
    )
  })
})
