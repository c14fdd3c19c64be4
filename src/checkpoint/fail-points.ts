/**
 * Every named step of checkpoints, recovery and their files. The proof kills the process at each of them; those of
 * Kafka's protocol are in `src/connectors/kafka/transaction/fail-points.ts`.
 */

/** The files whose steps are named. */
export type FileRole = 'state' | 'manifest' | 'confirmed' | 'lease'

export const checkpointFailPoints = {
  'lease.start': 'a process wants the state directory; nothing is done yet',
  'lease.bound': 'it owns the socket; the lease of the owner before is still in place',
  'lease.taken': 'the lease names this process',
  'recovery.start': 'the manifests are read; no broker was asked',
  'recovery.fenced': 'every committer has recovered',
  'recovery.done': 'what was resumed is confirmed',
  'recovery.restored': 'the state is read and checked; nothing runs',
  'checkpoint.acknowledged': 'every subtask has frozen its state and flushed its sinks',
  'checkpoint.prepared': 'the transactions are prepared; nothing is on disk',
  'checkpoint.before-manifest': 'state is on disk; before the manifest',
  'checkpoint.after-manifest': 'the checkpoint is decided; nothing is committed',
  'checkpoint.before-commit': 'before a transaction of the manifest is committed',
  'checkpoint.after-commit': 'it is committed',
  'checkpoint.before-confirm': 'everything is committed; the manifest does not say so',
  'checkpoint.after-confirm': 'the checkpoint is confirmed',
  'checkpoint.after-prune': 'older checkpoints are gone',
  'file.directory.made': 'a directory exists; its name is not durable',
  'file.directory.durable': 'its name is durable',
  'file.state.opened': 'a state file exists and is empty',
  'file.state.half': 'half of its first pieces is written',
  'file.state.written': 'it is written; not fsynced',
  'file.state.synced': 'it is fsynced',
  'file.state.durable': 'the names of all state files are durable',
  'file.manifest.opened': 'the temporary manifest exists and is empty',
  'file.manifest.half': 'half of it is written',
  'file.manifest.written': 'it is written; not fsynced',
  'file.manifest.synced': 'it is fsynced; not renamed',
  'file.manifest.renamed': 'it has its name; the name is not durable',
  'file.manifest.durable': 'the name is durable',
  'file.confirmed.opened': 'the temporary confirmation exists and is empty',
  'file.confirmed.half': 'half of it is written',
  'file.confirmed.written': 'it is written; not fsynced',
  'file.confirmed.synced': 'it is fsynced; not renamed',
  'file.confirmed.renamed': 'it has its name; the name is not durable',
  'file.confirmed.durable': 'the name is durable',
  'file.lease.opened': 'the temporary lease exists and is empty',
  'file.lease.half': 'half of it is written',
  'file.lease.written': 'it is written; not fsynced',
  'file.lease.synced': 'it is fsynced; not renamed',
  'file.lease.renamed': 'it has its name; the name is not durable',
  'file.lease.durable': 'the name is durable',
  'file.removal.before': 'before an old checkpoint is removed',
  'file.removal.after': 'it is removed',
} as const
