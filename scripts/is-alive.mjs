/** Whether a process with this id runs, whoever owns it. */
export function isAlive(/** @type {number} */ pid) {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM' // it is there, and belongs to somebody else
  }
}
