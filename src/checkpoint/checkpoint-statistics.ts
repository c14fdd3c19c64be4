/** Flink's checkpoint metrics of one job, over all its restarts. */
export class CheckpointStatistics {
  /** Triggered so far: completed, failed and in progress. */
  totalNumberOfCheckpoints = 0
  numberOfInProgressCheckpoints = 0
  numberOfCompletedCheckpoints = 0
  numberOfFailedCheckpoints = 0
  /** 0 = none yet. */
  lastCompletedCheckpointId = 0
  /** ms from trigger to confirmation. */
  lastCheckpointDuration = 0
  /** Bytes of state written, manifest not counted. */
  lastCheckpointSize = 0
  /** The same: every checkpoint is a full one. */
  lastCheckpointFullSize = 0
  /** Epoch ms; 0 = none yet. */
  lastCheckpointCompletedTimestamp = 0
  lastCheckpointExternalPath: string | null = null
  /** Epoch ms when a checkpoint was last restored, at the start or after a failure; 0 = never. */
  lastCheckpointRestoreTimestamp = 0
  /** Longest wait for other channels' barriers in the last checkpoint, ms. */
  checkpointAlignmentTime = 0
  /** Longest way of the last checkpoint's barrier from trigger to a subtask's first sight of it, ns. */
  checkpointStartDelayNanos = 0
}
