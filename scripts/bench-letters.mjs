// npm run bench:letters [-- <count>]: the looks at many dead letters, on a Redis of its own.
await import('../bench/dead-letters.ts')
