/** How a value of a type lies in the locals of compiled code: its storage, with BOOLEAN as a JavaScript boolean. */
import { type LogicalType, type Storage, storageOf } from '../types/index.ts'

export type Representation = Storage | 'bool'

export const representationOf = (type: LogicalType): Representation =>
  type.kind === 'BOOLEAN' ? 'bool' : storageOf(type)

/** Number of locals of one value: [value], [ms, nanos] or [bytes, start, end]. */
export const localsOf = (representation: Representation): number =>
  representation === 'bytes' ? 3 : representation === 'msnanos' ? 2 : 1
