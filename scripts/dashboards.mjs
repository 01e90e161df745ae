// npm run dashboards: writes what Grafana loads, from grafana/source.
await import('../grafana/source/write.ts')
