import { type ErrorCode, MillraceError, type Parking } from '@millrace/shared'

/** The job may not start now, or may not go on: it is put aside and spends no attempt. */
export class Parked extends MillraceError {
  readonly parking: Parking

  constructor(code: ErrorCode, parking: Parking) {
    super(code, parking.why)
    this.parking = parking
  }
}
