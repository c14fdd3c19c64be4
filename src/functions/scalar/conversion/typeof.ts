/** TYPEOF(x): the type as text; with TRUE as second argument (force serializable) the same. */
import { encodeUtf8, typeToString } from '../../../types/index.ts'
import { kernel, type ScalarSpec } from '../../function-spec.ts'

export const typeOf: ScalarSpec = {
  names: ['TYPEOF'],
  signatures: ['(any) -> STRING', '(any, BOOLEAN) -> STRING'],
  nulls: 'custom',
  nullability: 'never',
  implement: call => {
    if (call.argumentTypes.length !== 1 || call.argumentTypes[0]!.kind === 'NULL') return undefined
    const text = encodeUtf8(typeToString(call.argumentTypes[0]!))
    return kernel(
      'sink',
      () =>
        (...flat: unknown[]) =>
          (flat.at(-1) as { append(bytes: Uint8Array, start: number, end: number): void }).append(
            text,
            0,
            text.length,
          ),
    )
  },
  naive: (_, { argumentTypes }) => typeToString(argumentTypes[0]!),
  doc: 'The data type of the argument as text.',
  examples: [{ sql: 'TYPEOF(CAST(NULL AS ARRAY<INT>))', result: "'ARRAY<INT>'" }],
}
