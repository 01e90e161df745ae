import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder with everything that breaks a careless census. */
export function hostileFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "census ' folder-"))
  const write = (name: string, content: string | Buffer) => writeFileSync(join(path, name), content)
  write('plain.ts', 'one\ntwo\n')
  write('no newline at the end.md', 'one\ntwo')
  write('with\nnewline.txt', 'x\n')
  write('"quotes" <b>&.html', '<script>alert(1)</script>\n')
  write('$(rm -rf).sh', 'echo\n')
  write('ünïcödé.py', 'print()\n')
  write('empty', '')
  write('binary.bin', Buffer.from([1, 0, 10, 10, 255]))
  write('late-zero.txt', `${'a\n'.repeat(5_000)}\0`) // a zero byte beyond the first 8 KiB does not make it binary
  write('copy-1.json', '{"same":true}\n')
  write('copy-2.json', '{"same":true}\n')
  writeFileSync(
    Buffer.concat([Buffer.from(`${path}/latin-`), Buffer.from([0xe9, 0xff]), Buffer.from('.c')]),
    'int x;\n',
  )
  mkdirSync(join(path, 'deep', 'deeper'), { recursive: true })
  write('deep/deeper/file.go', 'package x\n'.repeat(2_000))
  mkdirSync(join(path, 'node_modules'))
  write('node_modules/ignored.js', 'x\n')
  symlinkSync('plain.ts', join(path, 'link-to-file'))
  symlinkSync('nowhere', join(path, 'dangling'))
  symlinkSync('.', join(path, 'loop'))
  execFileSync('mkfifo', [join(path, 'pipe')])
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
