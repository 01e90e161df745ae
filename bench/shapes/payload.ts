/** About a hundred bytes of JSON: what a small job carries. */
export const payload = (n: number): { n: number; text: string } => ({ n, text: 'x'.repeat(80) })

/** `[0, 1, …]`. */
export const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index)
