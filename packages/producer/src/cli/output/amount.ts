/** `1 job`, `3 jobs`: for things whose plural has an `s`. */
export const amount = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : 's'}`
