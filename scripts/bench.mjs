// npm run bench [-- <filter>] [--runs 5] [--quick] [--json]: Millrace beside raw BullMQ, on a Redis of its own.
await import('../bench/bench.ts')
