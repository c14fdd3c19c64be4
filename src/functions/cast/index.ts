export { type CastBody, castBody } from './cast-body.ts'
export { castPlain } from './cast-plain.ts'
export { plainToText } from './plain-text.ts'
