/** The groups of one slice: all of a table of its own, or some of a table that slices share. */
import type { Groups } from '../../aggregates/aggregator.ts'

export class Slice {
  readonly start: number
  readonly end: number
  readonly groups: Groups
  readonly isShared: boolean
  /** Of a shared table: row ids of the slice's first and last group, -1 if there is none, and how many there are. */
  first = -1
  last = -1
  size = 0

  constructor(start: number, end: number, groups: Groups) {
    this.start = start
    this.end = end
    this.groups = groups
    this.isShared = groups.sliced
  }
}
