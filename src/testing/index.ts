/** `millrace/testing`: run SQL over arrays, and a Kafka-compatible broker inside the test's process. */
export { type DevBroker, type DevBrokerOptions, startDevBroker } from '../dev-broker/index.ts'
export type { Change } from '../session/changelog-queue.ts'
export { foldChanges } from './fold-changes.ts'
export { type InputElement, type RunSqlOptions, runSql, type SqlRun } from './run-sql.ts'
