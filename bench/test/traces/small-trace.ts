/** A trace of four tasks, as a WfFormat 1.5 document: a diamond whose longest path is 0.3 + 0.6 + 0.1 s. */
export const smallTrace = () => ({
  name: 'small',
  schemaVersion: '1.5',
  workflow: {
    specification: {
      tasks: [
        { name: 'a', id: 'A.1', parents: [] as string[], children: ['B:2', 'C'] },
        { name: 'b', id: 'B:2', parents: ['A.1'], children: ['D'] },
        { name: 'c', id: 'C', parents: ['A.1'], children: ['D'] },
        { name: 'd', id: 'D', parents: ['B:2', 'C'], children: [] as string[] },
      ],
    },
    execution: {
      makespanInSeconds: 1,
      executedAt: '2026-11-20T12:00:00Z',
      tasks: [
        { id: 'A.1', runtimeInSeconds: 0.3 },
        { id: 'B:2', runtimeInSeconds: 0.6 },
        { id: 'C', runtimeInSeconds: 0.2 },
        { id: 'D', runtimeInSeconds: 0.1 },
      ],
    },
  },
})
