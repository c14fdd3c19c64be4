import { runtimeFailure } from '../../errors/index.ts'

/** A state file that is cut off, damaged or not of the schema that was asked for. */
export const corruptState = (what: string) =>
  runtimeFailure('MR_STATE_CORRUPT', `a state file cannot be read: ${what}`, {
    hint: 'restore from an older checkpoint, or start over with --resume none',
  })
