#!/usr/bin/env node
import { enableCompileCache } from 'node:module'
import { keepMemoryLow } from './keep-memory-low.ts'

// What published packages run; in a clone bin/millrace.js, since Node would have to read this file as TypeScript first.
enableCompileCache() // a command starts in half of the time from its second run on
keepMemoryLow(process.argv)
await import('./main.ts')
