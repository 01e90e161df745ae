// npm run bench:workflows -- <WfFormat files>: the traces of real workflows, on a Redis and workers of their own.
await import('../bench/workflows.ts')
