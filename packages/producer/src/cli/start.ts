#!/usr/bin/env node
import { enableCompileCache } from 'node:module'

// What published packages run; in a clone bin/millrace.js, since Node would have to read this file as TypeScript first.
enableCompileCache() // a command starts in half of the time from its second run on
await import('./main.ts')
