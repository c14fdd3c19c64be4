export * from './capabilities.ts'
export * from './option-spec.ts'
export * from './options.ts'
export * from './table-schema.ts'
