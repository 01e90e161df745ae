/** What the shell learns from `$?`. docs/cli.md says the same to people. */
export const EXIT = {
  done: 0,
  /** The workflow that was waited for failed, was cancelled, or is held. */
  failed: 1,
  /** Wrong use, wrong settings, or input that was refused. */
  refused: 2,
  /** The broker cannot be reached, or was lost on the way. */
  unreachable: 3,
  /** A defect of Millrace itself. As `EX_SOFTWARE` in sysexits.h. */
  defect: 70,
  /** Ctrl-C: 128 and the number of SIGINT, as shells have it. */
  interrupted: 130,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]
