/** One document: absent values are `null`, so that every answer of a command has the same fields. */
export const jsonDocument = (value: unknown): string => `${JSON.stringify(value, absentAsNull, 2)}\n`

/** One line of a stream of documents. */
export const jsonLine = (value: unknown): string => `${JSON.stringify(value, absentAsNull)}\n`

const absentAsNull = (_key: string, value: unknown) => (value === undefined ? null : value)
