export * from './connector.ts'
export * from './sink.ts'
export * from './source.ts'
