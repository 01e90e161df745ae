import fc from 'fast-check'

export type Dag = { readonly name: string; readonly needs: readonly string[] }[]

/** DAGs of up to 25 jobs: each needs any of those before it. In topological order. */
export const dags: fc.Arbitrary<Dag> = fc
  .integer({ min: 1, max: 25 })
  .chain((size) =>
    fc.tuple(
      ...Array.from({ length: size }, (_, index) =>
        fc.uniqueArray(fc.nat({ max: Math.max(0, index - 1) }), { maxLength: Math.min(index, 4) }),
      ),
    ),
  )
  .map((needs) => needs.map((list, index) => ({ name: `j${index}`, needs: list.map((need) => `j${need}`) })))

/** The same jobs in any order. */
export const shuffled = (dag: Dag): fc.Arbitrary<Dag> =>
  fc.shuffledSubarray(dag, { minLength: dag.length, maxLength: dag.length })
