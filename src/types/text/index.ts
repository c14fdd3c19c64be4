export * from './int64-words.ts'
export * from './parse-number.ts'
export * from './parse-time.ts'
