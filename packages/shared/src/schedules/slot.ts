/**
 * The id of the workflow that a schedule submits for one slot: `nightly-20261121T030000Z`. The same slot always gives the
 * same id, so however often a run is begun, one workflow comes of it.
 */
export function slotWorkflow(schedule: string, slotMs: number): string {
  const [date = '', fraction = '000Z'] = new Date(slotMs).toISOString().replaceAll(/[-:]/g, '').split('.')
  const ms = fraction.slice(0, 3)
  return `${schedule}-${date}${ms === '000' ? '' : ms}Z`
}
