/** `1 job`, `3 jobs`: for things whose plural has an `s`. */
export const amount = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : 's'}`

/** `2 dead`, `1 cancelled`: without those of which there are none. */
export const amounts = (parts: readonly (readonly [count: number, word: string])[]): string[] =>
  parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`)
