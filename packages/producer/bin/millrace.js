#!/usr/bin/env node
// In a clone: runs the sources, on the Node that the workspace pins should this one be too old. Published packages run
// dist/cli/start.js instead, which does the same.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import module from 'node:module'
import { fileURLToPath } from 'node:url'

if (process.features.typescript) {
  module.enableCompileCache?.() // a command starts in two thirds of the time from its second run on
  const { keepMemoryLow } = await import('../src/cli/keep-memory-low.ts')
  keepMemoryLow(process.argv)
  await import('../src/cli/main.ts')
} else {
  const pinned = fileURLToPath(new URL('../../../node_modules/.bin/node', import.meta.url))
  if (!existsSync(pinned)) {
    console.error(`Node ${process.versions.node} is too old: millrace needs Node 22.18 or later.`)
    process.exit(2)
  }
  const args = [fileURLToPath(import.meta.url), ...process.argv.slice(2)]
  const child = spawn(pinned, args, { stdio: 'inherit' })
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  process.on('SIGINT', () => {}) // the terminal tells the child too
  child.on('exit', (code) => process.exit(code ?? 1))
}
