import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { manyLines, oneLine } from '../../../src/cli/output/printable.ts'
import { cut, pad, widthOf } from '../../../src/cli/output/width.ts'

const anyText = fc.string({ unit: 'binary', maxLength: 60 })
const harmless = /^[^\p{Cc}\u202a-\u202e\u2066-\u2069]*$/u

describe('text from outside', () => {
  it('is shown on one line without anything that moves the cursor', () => {
    expect(oneLine('the \u001b[2Jgate\r\nis  shut\u202e')).toBe('the \\u001b[2Jgate is shut\\u202e')
    fc.assert(fc.property(anyText, (text) => harmless.test(oneLine(text))))
  })

  it('keeps its lines where several are wanted', () => {
    expect(manyLines('a\r\n\tb\u0007')).toBe('a\n  b\\u0007')
    fc.assert(
      fc.property(anyText, (text) =>
        manyLines(text)
          .split('\n')
          .every((line) => harmless.test(line)),
      ),
    )
  })

  it('is cut and padded to exactly the width that was asked for', () => {
    expect(cut('日本語', 5)).toBe('日本…')
    expect(cut('日本語', 4)).toBe('日…')
    expect(pad('日本', 6)).toBe('日本  ')
    fc.assert(
      fc.property(anyText.map(oneLine), fc.integer({ min: 0, max: 40 }), (text, width) => {
        expect(widthOf(cut(text, width))).toBeLessThanOrEqual(width)
        expect(widthOf(pad(cut(text, width), width))).toBe(width)
      }),
    )
  })
})
