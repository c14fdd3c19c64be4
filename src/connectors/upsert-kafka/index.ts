export { upsertKafkaConnector } from './upsert-kafka-connector.ts'
