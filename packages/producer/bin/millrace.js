#!/usr/bin/env node
// In a clone. Published packages run dist/cli/start.js instead, which does the same.
import module from 'node:module'
import { runSources } from '../../../scripts/run-sources.mjs'

await runSources(import.meta.url, 'millrace', async () => {
  module.enableCompileCache?.() // a command starts in two thirds of the time from its second run on
  const { keepMemoryLow } = await import('../src/cli/keep-memory-low.ts')
  keepMemoryLow(process.argv)
  await import('../src/cli/main.ts')
})
