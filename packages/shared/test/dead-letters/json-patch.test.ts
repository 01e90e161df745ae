import { describe, expect, it } from 'vitest'
import { applyPatch, setOperations } from '../../src/index.ts'

describe('a JSON Patch', () => {
  it.each([
    ['adds a member', { a: 1 }, [{ op: 'add', path: '/b', value: 2 }], { a: 1, b: 2 }],
    ['inserts into a list', [1, 3], [{ op: 'add', path: '/1', value: 2 }], [1, 2, 3]],
    ['appends to a list', [1], [{ op: 'add', path: '/-', value: 2 }], [1, 2]],
    ['removes a member', { a: 1, b: 2 }, [{ op: 'remove', path: '/a' }], { b: 2 }],
    ['replaces a value', { a: [1, 2] }, [{ op: 'replace', path: '/a/1', value: 3 }], { a: [1, 3] }],
    ['replaces all of it', { a: 1 }, [{ op: 'replace', path: '', value: 'x' }], 'x'],
    ['moves a value', { a: { b: 1 } }, [{ op: 'move', from: '/a/b', path: '/c' }], { a: {}, c: 1 }],
    ['copies a value', { a: [1] }, [{ op: 'copy', from: '/a', path: '/b' }], { a: [1], b: [1] }],
    ['reads ~0 and ~1', { 'a/b': 1, 'c~d': 2 }, [{ op: 'replace', path: '/a~1b', value: 3 }], { 'a/b': 3, 'c~d': 2 }],
    ['goes on when a test holds', { a: [1] }, [{ op: 'test', path: '/a', value: [1] }], { a: [1] }],
  ] as const)('%s', (_title, before, operations, after) => {
    const original = JSON.stringify(before)
    expect(applyPatch(before as never, operations as never)).toEqual(after)
    expect(JSON.stringify(before)).toBe(original)
  })

  it.each([
    [{ op: 'test', path: '/a', value: 2 }, 'the value is another one'],
    [{ op: 'remove', path: '/b' }, 'there is no "b"'],
    [{ op: 'replace', path: '/b', value: 1 }, 'there is no "b"'],
    [{ op: 'add', path: '/a/b', value: 1 }, 'leads into 1'],
    [{ op: 'add', path: '/list/7', value: 1 }, 'there is no place "7"'],
    [{ op: 'add', path: 'a', value: 1 }, 'no JSON pointer'],
    [{ op: 'drop', path: '/a' }, 'no such operation'],
    [{ op: 'move', from: '/list', path: '/list/0' }, 'into itself'],
  ])('refuses %j', (operation, words) => {
    expect(() => applyPatch({ a: 1, list: [] }, [operation as never])).toThrow(words)
  })

  it('takes __proto__ for a name', () => {
    const patched = applyPatch({}, [{ op: 'add', path: '/__proto__', value: { x: 1 } }])
    expect(Object.keys(patched as object)).toEqual(['__proto__'])
    expect(({} as { x?: number }).x).toBeUndefined()
  })
})

describe('a value by its path', () => {
  it.each([
    [{ a: 1 }, 'a', { a: 2 }],
    [{}, 'a.b.c', { a: { b: { c: 2 } } }],
    [null, 'a', { a: 2 }],
    [{ a: [1, 1] }, 'a.1', { a: [1, 2] }],
  ])('in %j at %s', (before, path, after) => {
    expect(applyPatch(before, setOperations(before, path, 2))).toEqual(after)
  })
})
