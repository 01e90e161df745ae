import type { LockedJob } from '@millrace/shared'

/** How often the job was taken since an attempt of it was last spent; 1 the first time. */
export const freeStarts = ({ job }: LockedJob): number => job.attemptsStarted - job.attemptsMade

/** It was put aside before, so somebody may have called it. */
export const hasWaited = (locked: LockedJob): boolean => freeStarts(locked) > 1
