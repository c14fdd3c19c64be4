import { type LogicalPlan, visit } from '../logical/index.ts'

/** Which output columns hold the bounds of one window, after projections moved them. */
export interface WindowColumns {
  /** Every column that holds the bound; a query may select it twice. */
  readonly start: ReadonlySet<number>
  readonly end: ReadonlySet<number>
  readonly time: ReadonlySet<number>
  readonly attribute: 'rowtime' | 'proctime'
  readonly localTimeZone: boolean
  /** The time column as the query calls it. */
  readonly timeName: string
  readonly legacy: boolean
}

/** The window a plan's rows belong to, or undefined when they belong to none. */
export function windowColumns(plan: LogicalPlan): WindowColumns | undefined {
  return visit<WindowColumns | undefined>(plan, {
    Scan: () => undefined,
    Values: () => undefined,
    Union: () => undefined,
    Sink: () => undefined,
    Filter: node => windowColumns(node.input),
    RowNumber: node => windowColumns(node.input),
    WindowTopN: node => windowColumns(node.input),
    Collect: node => windowColumns(node.input),
    Project: node => {
      const below = windowColumns(node.input)
      if (below === undefined) return undefined
      const carried = (columns: ReadonlySet<number>) =>
        new Set([...node.projections.keys()].filter(i => isColumnOf(node.projections[i]!, columns)))
      return { ...below, start: carried(below.start), end: carried(below.end), time: carried(below.time) }
    },
    Aggregate: node => {
      const below = windowColumns(node.input)
      if (below === undefined || !groupsByWindow(node.keys, below)) return undefined
      const carried = (columns: ReadonlySet<number>) =>
        new Set([...node.keys.keys()].filter(i => columns.has(node.keys[i]!)))
      return { ...below, start: carried(below.start), end: carried(below.end), time: carried(below.time) }
    },
    WindowTableFunction: node => {
      const first = node.input.output.length
      const { attribute, localTimeZone } = node.time
      const { timeName, legacy } = node
      const columns = { start: new Set([first]), end: new Set([first + 1]), time: new Set([first + 2]) }
      return { ...columns, attribute, localTimeZone, timeName, legacy }
    },
    WindowAggregate: node => {
      const first = node.keys.length + node.aggregates.length
      const holding = (property: 'start' | 'end' | 'time') =>
        new Set([...node.properties.keys()].filter(i => node.properties[i] === property).map(i => first + i))
      const attribute = node.time.kind === 'assign' ? node.time.attribute : 'rowtime'
      return {
        start: holding('start'),
        end: holding('end'),
        time: holding('time'),
        attribute,
        localTimeZone: node.time.localTimeZone,
        timeName: node.timeName,
        legacy: node.legacy,
      }
    },
  })
}

/** Whether group keys hold both bounds of the window: then a group is a window's, and ends with it. */
export const groupsByWindow = (keys: readonly number[], window: WindowColumns): boolean =>
  keys.some(k => window.start.has(k)) && keys.some(k => window.end.has(k))

/** The group keys that stay time attributes: window_time, when grouped by the whole window. */
export function timeKeysOf(input: LogicalPlan, keys: readonly number[]): ReadonlySet<number> {
  const window = windowColumns(input)
  return window !== undefined && groupsByWindow(keys, window) ? window.time : new Set()
}

const isColumnOf = (e: { readonly kind: string }, columns: ReadonlySet<number>): boolean =>
  e.kind === 'InputRef' && columns.has((e as { readonly index: number } & typeof e).index)
