#!/usr/bin/env node
// In a clone: runs the sources, on the Node that the workspace pins should this one be too old. Published packages run
// dist/cli/main.js instead.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import module from 'node:module'
import { fileURLToPath } from 'node:url'

if (process.features.typescript) {
  module.enableCompileCache?.() // a command starts in two thirds of the time from its second run on
  await import('../src/cli/main.ts')
} else {
  const pinned = fileURLToPath(new URL('../../../node_modules/.bin/node', import.meta.url))
  if (!existsSync(pinned)) {
    console.error(`Node ${process.versions.node} is too old: millrace needs Node 22.18 or later.`)
    process.exit(2)
  }
  const args = [fileURLToPath(import.meta.url), ...process.argv.slice(2)]
  process.exit(spawnSync(pinned, args, { stdio: 'inherit' }).status ?? 1)
}
