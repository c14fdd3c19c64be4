export * from './format.ts'
export { findFormat, formats } from './registry.ts'
