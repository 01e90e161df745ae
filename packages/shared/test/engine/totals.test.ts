import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { SLACK_SECONDS, WORKFLOW_SECONDS } from '../../src/observability/metrics.ts'

const script = readFileSync(new URL('../../src/engine/totals.lua', import.meta.url), 'utf8')

it.each([
  ['WORKFLOW_SECONDS', WORKFLOW_SECONDS],
  ['SLACK_SECONDS', SLACK_SECONDS],
])('the buckets %s are those of the metrics', (name, buckets) => {
  const listed = new RegExp(`^local ${name} = \\{ (.*) \\}$`, 'm').exec(script)?.[1]?.split(', ').map(Number)
  expect(listed).toEqual(buckets)
})
