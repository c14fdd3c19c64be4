export { type CastBody, castBody } from './cast-body.ts'
export { castPlain } from './cast-plain.ts'
export { enforceLength, hasLength } from './length-enforcer.ts'
export { plainToText } from './plain-text.ts'
