import { setFlagsFromString } from 'node:v8'

/**
 * Has V8 clear up early from now on. Left alone it lets garbage grow to 200 MB before it looks, since it was told of no limit:
 * too much for a command that moves large amounts through a small machine. Costs some 20 % more CPU time.
 */
export function keepMemoryLow(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
  setFlagsFromString('--heap-growing-percent=50')
}
