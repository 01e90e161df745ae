/** Dimensions of the largest embedding that is taken; the common ones have 384 to 3,072. */
const MAX_DIMENSIONS = 4_096

/** A direction: a vector of length 1, four bytes a dimension. */
export type Direction = Float32Array

/**
 * The direction of an embedding, or what is wrong with it.
 *
 * @param numbers 1 to 4,096 finite numbers, not all 0.
 */
export function directionOf(numbers: ArrayLike<number>): Direction | string {
  if (typeof numbers !== 'object' || numbers === null || !Number.isInteger(numbers.length)) return 'it is no list'
  if (numbers.length < 1 || numbers.length > MAX_DIMENSIONS) {
    return `it has ${numbers.length} dimensions; give 1 to ${MAX_DIMENSIONS}`
  }
  let squares = 0
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i]
    if (typeof number !== 'number' || !Number.isFinite(number)) return `its number ${i} is ${number}`
    squares += number * number
  }
  if (squares === 0 || !Number.isFinite(squares)) return 'it has no direction: all its numbers are 0, or some too large'
  const length = Math.sqrt(squares)
  return Float32Array.from(numbers, (number) => number / length)
}

/** The cosine of the angle between two directions, -1 to 1; `undefined` when they have not the same dimensions. */
export function similarityOf(a: Direction, b: Direction): number | undefined {
  if (a.length !== b.length) return undefined
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number)
  return Math.max(-1, Math.min(1, sum))
}

export const packDirection = (direction: Direction): string =>
  Buffer.from(direction.buffer, direction.byteOffset, direction.byteLength).toString('base64')

export function unpackDirection(text: string): Direction {
  const bytes = Uint8Array.from(Buffer.from(text, 'base64')) // a copy of its own begins at a multiple of four
  return new Float32Array(bytes.buffer, 0, Math.floor(bytes.byteLength / 4))
}
