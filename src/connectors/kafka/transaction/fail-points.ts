/**
 * Every named step of the exactly-once protocol, in the order of `kafka-exactly-once.md` §5. The crash matrix
 * kills the process at each of them; a test asserts that a run passes them all.
 */
export const kafkaFailPoints = {
  'kafka.recover.start': 'recovery has begun; nothing was sent',
  'kafka.recover.commit.before': 'R3: before EndTxn of a transaction named in the manifest',
  'kafka.recover.commit.after': 'R3: its outcome is known',
  'kafka.recover.witness': 'R3: the answer was ambiguous, the witness is about to be read',
  'kafka.recover.fence.before': 'R4: before the unconditional InitProducerId of a slot',
  'kafka.recover.fence.after': 'R4: the slot is fenced',
  'kafka.recover.verify': 'R5: before the final read of the witness',
  'kafka.recover.done': 'recovery is finished; nothing was reported yet',
  'kafka.claim.before': 'before the witness-only transaction that says whose the prefix is',
  'kafka.claim.after': 'the witness names this job',
  'kafka.begin': 'the first transaction is about to be opened',
  'kafka.init.before': 'before the InitProducerId of a slot that becomes free',
  'kafka.init.after': 'the slot has its next epoch',
  'kafka.add-partitions.before': 'before AddPartitionsToTxn',
  'kafka.add-partitions.after': 'the partitions are part of the transaction',
  'kafka.produce.before': 'before a Produce request',
  'kafka.produce.after': 'its answer has come, acknowledgements are not counted yet',
  'kafka.flush.before': 'the barrier has come; batches are still to be sent',
  'kafka.flush.after': 'every record before the barrier is acknowledged',
  'kafka.prepare.before': 'all writers have flushed; no witness yet',
  'kafka.add-offsets.before': 'before AddOffsetsToTxn',
  'kafka.add-offsets.after': "the witness's group is part of the transaction",
  'kafka.witness.before': 'before TxnOffsetCommit',
  'kafka.witness.after': 'the witness is in the transaction',
  'kafka.prepare.after': 'the transaction is prepared, its handle not handed over yet',
  'kafka.commit.before': 'the manifest is in place; before EndTxn',
  'kafka.commit.after': 'EndTxn answered: decided, not yet visible',
  'kafka.commit.visible': 'the transaction is visible to readers',
  'kafka.keep-alive.before': 'before the witness-only transaction of an idle job',
  'kafka.keep-alive.after': 'the witness was written again',
  'kafka.abort.before': 'the job stops; before EndTxn(abort) of what is open',
} as const

export type KafkaFailPoint = keyof typeof kafkaFailPoints
