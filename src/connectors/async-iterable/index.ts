/**
 * The `async-iterable` connector (extension, for the library): rows from an async iterable of this process.
 * One split, read by subtask 0. Rows are pulled only while the runtime waits for some, so back-pressure reaches
 * the producer. The position is the number of rows handed out: a registered function is called with it and must
 * go on there; a bare iterable cannot be replayed, so a restart behind its first row is refused.
 */
import { type OptionSpec, type OptionValues, parseOptions } from '../../catalog/index.ts'
import { runtimeFailure } from '../../errors/index.ts'
import type { Connector, TableDefinition } from '../contract/index.ts'
import { DataRegistry } from '../shared/data-registry.ts'
import { connectorOption } from '../shared/option-specs.ts'
import type { IterableElement } from './iterable-element.ts'
import { IterableSource } from './iterable-source.ts'

export type { IterableElement } from './iterable-element.ts'

export type IterableInput =
  | AsyncIterable<IterableElement>
  /** Called with the number of elements that were taken before the checkpoint; 0 on a first start. */
  | ((start: { readonly offset: number }) => AsyncIterable<IterableElement>)

const iterables = new DataRegistry<IterableInput>('async iterable', 'registerIterable(id, iterable)')

/** Makes the iterable known as `data-id` = `id`, replacing what was there. */
export const registerIterable = (id: string, input: IterableInput): void => iterables.set(id, input)
export const removeIterable = (id: string): void => iterables.remove(id)

const optionSpecs: readonly OptionSpec[] = [
  connectorOption('async-iterable'),
  {
    key: 'data-id',
    type: 'string',
    required: true,
    doc: 'Id under which the iterable is registered in this process.',
  },
  {
    key: 'bounded',
    type: 'boolean',
    default: 'false',
    doc: 'Whether the iterable is known to end; then results may wait for its end. It may end in both cases.',
  },
  {
    key: 'changelog-mode',
    type: 'enum',
    values: ['I', 'I,UA,D', 'I,UB,UA,D'],
    default: 'I',
    doc: 'Which kinds of changes the elements have.',
  },
]

const changelogModes = { I: 'insert', 'I,UA,D': 'upsert', 'I,UB,UA,D': 'retract' } as const

const parse = (table: TableDefinition): OptionValues =>
  parseOptions(table.options, optionSpecs, 'async-iterable connector')

/** Iterators that a reader has begun: they cannot start over. */
const begun = new WeakSet<AsyncIterator<IterableElement>>()

function open(id: string, offset: number): AsyncIterator<IterableElement> {
  const input = iterables.get(id)
  if (typeof input === 'function') return input({ offset })[Symbol.asyncIterator]()
  const iterator = input[Symbol.asyncIterator]()
  if (offset === 0 && !begun.has(iterator)) {
    begun.add(iterator)
    return iterator
  }
  throw runtimeFailure(
    'MR_ITERABLE_NOT_REPLAYABLE',
    offset === 0
      ? `the iterable '${id}' was read before and cannot start over`
      : `the iterable '${id}' cannot go on behind element ${offset}`,
    {
      hint: 'Register a function ({ offset }) => AsyncIterable that starts there.',
    },
  )
}

export const asyncIterableConnector: Connector = {
  staysInHost: true,
  name: 'async-iterable',
  options: optionSpecs,
  capabilities(table) {
    const options = parse(table)
    const mode = options.string('changelog-mode') as keyof typeof changelogModes
    return {
      source: { bounded: options.boolean('bounded'), changelogMode: changelogModes[mode], metadata: [] },
    }
  },
  createSource(request) {
    const id = parse(request.table).string('data-id')
    return new IterableSource(request, offset => open(id, offset))
  },
}
