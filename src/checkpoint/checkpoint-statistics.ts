/** Flink's checkpoint metrics of one job. */
export class CheckpointStatistics {
  numberOfCompletedCheckpoints = 0
  numberOfFailedCheckpoints = 0
  lastCompletedCheckpointId = 0
  /** ms from trigger to confirmation. */
  lastCheckpointDuration = 0
  /** Bytes of state written, manifest not counted. */
  lastCheckpointSize = 0
  lastCheckpointCompletedTimestamp = 0
  lastCheckpointExternalPath: string | null = null
  /** Longest wait for other channels' barriers in the last checkpoint, ms. */
  checkpointAlignmentTime = 0
}
