/** FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), size)) and its kin, by position or by name. */
import { nearestName } from '../../errors/index.ts'
import type { Argument, Descriptor, Expression, FunctionCall, TableArgument } from '../../parser/index.ts'
import { type LogicalPlan, windowTableFunction } from '../logical/index.ts'
import { bindError, unsupported } from './bind-error.ts'
import { functionName } from './bind-function-call.ts'
import { timeColumnNamed, type WindowSizes, windowSpec, windowTime } from './window-spec.ts'

const parameters: Readonly<Record<WindowSizes['kind'], readonly string[]>> = {
  TUMBLE: ['DATA', 'TIMECOL', 'SIZE', 'OFFSET'],
  HOP: ['DATA', 'TIMECOL', 'SLIDE', 'SIZE', 'OFFSET'],
  CUMULATE: ['DATA', 'TIMECOL', 'STEP', 'SIZE', 'OFFSET'],
}

export const windowFunctionNames = ['TUMBLE', 'HOP', 'CUMULATE', 'SESSION']

export function bindWindowFunction(
  e: FunctionCall,
  bindTable: (argument: TableArgument) => LogicalPlan,
): LogicalPlan {
  const name = functionName(e)
  if (name === 'SESSION') {
    throw unsupported('SESSION windows are not supported yet', e.position, 'supported: TUMBLE, HOP, CUMULATE')
  }
  if (!(name in parameters)) {
    throw bindError('MR_BIND_UNKNOWN_TABLE_FUNCTION', `there is no table function ${name}`, e.position, {
      nearest: nearestName(name, Object.keys(parameters)),
      expected: Object.keys(parameters),
    })
  }
  const kind = name as WindowSizes['kind']
  const args = namedArguments(e, kind)
  const data = tableArgument(args.get('DATA'), e, kind)
  const descriptor = descriptorArgument(args.get('TIMECOL'), e, kind)
  const column = descriptor.columns[0]!
  const input = bindTable(data)
  const spec = windowSpec({
    kind,
    size: valueArgument(args.get('SIZE'), e, kind, 'SIZE'),
    step:
      kind === 'TUMBLE'
        ? undefined
        : valueArgument(args.get(parameters[kind][2]!), e, kind, parameters[kind][2]!),
    offset: args.has('OFFSET') ? valueArgument(args.get('OFFSET'), e, kind, 'OFFSET') : undefined,
  })
  const time = timeColumnNamed(column.name, input.output, column.position)
  refuseCollision(input, e)
  return windowTableFunction(input, windowTime(spec, time, column.position), column.name, time.field.type)
}

const formOf = (kind: WindowSizes['kind']): string => {
  const sizes = { TUMBLE: 'size', HOP: 'slide, size', CUMULATE: 'step, max size' }[kind]
  return `${kind}(TABLE t, DESCRIPTOR(ts), ${sizes}[, offset])`
}

function namedArguments(e: FunctionCall, kind: WindowSizes['kind']): ReadonlyMap<string, Argument> {
  const names = parameters[kind]
  const found = new Map<string, Argument>()
  e.args.forEach((arg, i) => {
    const name = arg.name?.name.toUpperCase() ?? names[i]
    if (name === undefined || !names.includes(name)) {
      const what =
        arg.name === undefined ? `takes at most ${names.length} arguments` : `has no argument '${name}'`
      throw bindError('MR_BIND_WINDOW', `${kind} ${what}`, arg.position, {
        nearest: arg.name && nearestName(arg.name.name, names),
        expected: [formOf(kind)],
      })
    }
    if (found.has(name)) throw bindError('MR_BIND_WINDOW', `${kind} has ${name} twice`, arg.position)
    found.set(name, arg)
  })
  return found
}

const missing = (e: FunctionCall, kind: WindowSizes['kind'], name: string) =>
  bindError('MR_BIND_WINDOW', `${kind} lacks its argument ${name}`, e.position, { expected: [formOf(kind)] })

function tableArgument(arg: Argument | undefined, e: FunctionCall, kind: WindowSizes['kind']): TableArgument {
  if (arg === undefined) throw missing(e, kind, 'DATA')
  // A query in parentheses reads like a scalar subquery; here it is a table.
  if (arg.value.kind === 'ScalarSubquery') {
    const { position, query } = arg.value
    return { kind: 'TableArgument', position, table: query, partitionBy: [], orderBy: [] }
  }
  if (arg.value.kind !== 'TableArgument') {
    throw bindError('MR_BIND_WINDOW', `the first argument of ${kind} must be a table`, arg.position, {
      expected: [formOf(kind)],
      hint: 'write TABLE before the name, or a query in parentheses',
    })
  }
  if (arg.value.partitionBy.length > 0 || arg.value.orderBy.length > 0) {
    throw bindError('MR_BIND_WINDOW', `${kind} takes no PARTITION BY or ORDER BY`, arg.value.position, {
      hint: 'add the keys to GROUP BY',
    })
  }
  return arg.value
}

function descriptorArgument(
  arg: Argument | undefined,
  e: FunctionCall,
  kind: WindowSizes['kind'],
): Descriptor {
  if (arg === undefined) throw missing(e, kind, 'TIMECOL')
  if (arg.value.kind === 'Descriptor' && arg.value.columns.length === 1) return arg.value
  throw bindError(
    'MR_BIND_WINDOW',
    `the second argument of ${kind} must be DESCRIPTOR of one column`,
    arg.position,
    {
      expected: ['DESCRIPTOR(ts)'],
    },
  )
}

function valueArgument(
  arg: Argument | undefined,
  e: FunctionCall,
  kind: WindowSizes['kind'],
  name: string,
): Expression {
  if (arg === undefined) throw missing(e, kind, name)
  switch (arg.value.kind) {
    case 'TableArgument':
    case 'Descriptor':
    case 'Star':
    case 'DefaultArgument':
    case 'TimeUnitArgument':
      throw bindError('MR_BIND_WINDOW', `${name} of ${kind} must be an interval`, arg.position, {
        expected: [formOf(kind)],
      })
    default:
      return arg.value
  }
}

/** Flink refuses inner columns named like the window's own, since they could not be told apart. */
function refuseCollision(input: LogicalPlan, e: FunctionCall): void {
  const taken = input.output.find(f => ['window_start', 'window_end', 'window_time'].includes(f.name))
  if (taken === undefined) return
  throw bindError('MR_BIND_WINDOW', `the table already has a column '${taken.name}'`, e.position, {
    hint: `give it another alias in the inner query: ${taken.name} AS inner_${taken.name}`,
  })
}
