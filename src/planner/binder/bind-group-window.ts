/**
 * Legacy group windows: GROUP BY TUMBLE(ts, size) with TUMBLE_START and friends. Bound to the same window table
 * function and keys as the newer form, so that everything after the binder is one.
 */
import type { BoundExpression } from '../../expressions/bound-expression.ts'
import type { Expression, FunctionCall } from '../../parser/index.ts'
import { inputRef } from '../expression-rewrite.ts'
import { type LogicalPlan, windowTableFunction } from '../logical/index.ts'
import { bindError, unsupported } from './bind-error.ts'
import { bindExpression } from './bind-expression.ts'
import { functionName } from './bind-function-call.ts'
import type { Scope } from './scope.ts'
import { rowSite } from './select-site.ts'
import { windowSpec, windowTime } from './window-spec.ts'

export interface GroupWindow {
  /** FROM with the window columns behind its own. */
  readonly plan: LogicalPlan
  /** The window's columns: all are group keys. */
  readonly bounds: readonly { readonly e: BoundExpression; readonly name: string }[]
  /** What TUMBLE_START(…) and the like mean; throws when it names another window. */
  property(e: FunctionCall, scope: Scope): BoundExpression
}

export function bindGroupWindow(e: FunctionCall, input: LogicalPlan, scope: Scope): GroupWindow {
  const kind = functionName(e)
  if (kind === 'SESSION') {
    throw unsupported('SESSION windows are not supported yet', e.position, 'supported: TUMBLE, HOP, CUMULATE')
  }
  const args = e.args.map(arg => arg.value as Expression)
  const wanted = kind === 'TUMBLE' ? 2 : 3
  if (args.length !== wanted) {
    const form = kind === 'TUMBLE' ? 'TUMBLE(ts, size)' : 'HOP(ts, slide, size)'
    throw bindError(
      'MR_BIND_WINDOW',
      `${kind} in GROUP BY takes ${wanted} arguments, not ${args.length}`,
      e.position,
      {
        expected: [form],
      },
    )
  }
  const time = timeColumn(args[0]!, scope)
  const spec = windowSpec({
    kind: kind === 'TUMBLE' ? 'TUMBLE' : 'HOP',
    size: args.at(-1)!,
    step: kind === 'HOP' ? args[1] : undefined,
    offset: undefined,
  })
  const plan = windowTableFunction(
    input,
    windowTime(spec, time, args[0]!.position),
    time.field.name,
    time.field.type,
    true,
  )
  const first = input.output.length
  const bounds = plan.output.slice(first).map((f, i) => ({ e: inputRef(first + i, f.type), name: f.name }))
  const identity = windowIdentity(e, scope)
  return {
    plan,
    bounds,
    property: (auxiliary, at) => {
      const name = functionName(auxiliary)
      if (!name.startsWith(`${kind}_`) || windowIdentity(auxiliary, at) !== identity) {
        throw bindError(
          'MR_BIND_GROUP_WINDOW',
          `${name} has no matching window: its arguments must be those of ${kind} in GROUP BY`,
          auxiliary.position,
        )
      }
      const what = name.slice(kind.length + 1)
      checkAttribute(what, time.field.timeAttribute, auxiliary, kind)
      return bounds[what === 'START' ? 0 : what === 'END' ? 1 : 2]!.e
    },
  }
}

function checkAttribute(
  what: string,
  attribute: 'rowtime' | 'proctime' | undefined,
  e: FunctionCall,
  kind: string,
): void {
  if ((what === 'ROWTIME' && attribute !== 'rowtime') || (what === 'PROCTIME' && attribute !== 'proctime')) {
    const right = attribute === 'rowtime' ? 'ROWTIME' : 'PROCTIME'
    throw bindError('MR_BIND_GROUP_WINDOW', `the window is over ${right.toLowerCase()}`, e.position, {
      hint: `use ${kind}_${right}`,
    })
  }
}

function timeColumn(e: Expression, scope: Scope) {
  const bound = bindExpression(e, rowSite(scope, 'a group window'))
  if (bound.kind !== 'InputRef') {
    throw bindError(
      'MR_BIND_NO_TIME_ATTRIBUTE',
      'a window needs a time attribute, not an expression',
      e.position,
      {
        hint: 'make it a computed column with a WATERMARK in CREATE TABLE',
      },
    )
  }
  return scope.columns().find(column => column.index === bound.index)!
}

const windowIdentity = (e: FunctionCall, scope: Scope): string =>
  JSON.stringify(e.args.map(arg => bindExpression(arg.value as Expression, rowSite(scope, 'a group window'))))
