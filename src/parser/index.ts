/** Text → AST and back. The only folder that knows Chevrotain. Knows no catalog and no types. */
export * from './ast/index.ts'
