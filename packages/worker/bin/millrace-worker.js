#!/usr/bin/env node
// In a clone. Published packages run dist/cli/main.js instead.
import { runSources } from '../../../scripts/run-sources.mjs'

await runSources(import.meta.url, 'millrace-worker', () => import('../src/cli/main.ts'))
