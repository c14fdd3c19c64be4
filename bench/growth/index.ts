/** What work costs as one thing grows. */
import type { FigureBenchmark } from '../harness.ts'
import { growthOfCheckpoint } from './checkpoint.ts'
import { growthOfKeys } from './keys.ts'
import { growthOfShapes } from './shapes.ts'

export const growth: readonly FigureBenchmark[] = [growthOfKeys, growthOfCheckpoint, ...growthOfShapes]
