/** What column names mean in one SELECT: the columns of its FROM, under their table names. */
import { nearestName, type SourcePosition } from '../../errors/index.ts'
import type { BoundExpression } from '../../expressions/bound-expression.ts'
import type { ColumnReference, Identifier, Star } from '../../parser/index.ts'
import { inputRef } from '../expression-rewrite.ts'
import type { OutputField } from '../plan-graph/plan-graph.ts'
import { bindError } from './bind-error.ts'
import { accessPath } from './field-access.ts'

export interface ScopeRelation {
  /** The alias, or the parts of the table's name; empty for a derived table without alias. */
  readonly name: readonly string[]
  readonly fields: readonly OutputField[]
  /** Index of its first field in the scope's rows. */
  readonly offset: number
}

export interface ScopeColumn {
  readonly index: number
  readonly field: OutputField
}

export class Scope {
  readonly relations: readonly ScopeRelation[]

  constructor(relations: readonly ScopeRelation[]) {
    this.relations = relations
  }

  static readonly empty = new Scope([])

  columns(): readonly ScopeColumn[] {
    return this.relations.flatMap(r => r.fields.map((field, i) => ({ index: r.offset + i, field })))
  }

  /** `a`, `t.a`, `db.t.a`, and fields of ROW columns behind any of them. */
  resolve(reference: ColumnReference): BoundExpression {
    const path = reference.path
    const bare = this.#find(path[0], reference.position)
    if (bare !== undefined) return accessPath(bare, path.slice(1))
    const qualified = this.#findQualified(path)
    if (qualified !== undefined) return qualified
    throw this.unknown(path)
  }

  /** The columns of `*` or `t.*`. */
  expand(star: Star): readonly ScopeColumn[] {
    const shown = (r: ScopeRelation) => r.fields.map((field, i) => ({ index: r.offset + i, field }))
    if (star.qualifier.length === 0) return this.relations.flatMap(shown)
    const relation = this.relations.find(r => isNamed(r, star.qualifier))
    if (relation !== undefined) return shown(relation)
    const text = star.qualifier.map(part => part.name).join('.')
    throw bindError('MR_BIND_UNKNOWN_TABLE', `there is no table '${text}' in FROM`, star.position, {
      nearest: nearestName(text, this.#relationNames()),
    })
  }

  #find(name: Identifier, position: SourcePosition): BoundExpression | undefined {
    const found = this.columns().filter(column => column.field.name === name.name)
    if (found.length > 1) {
      const tables = this.relations
        .filter(r => r.fields.some(f => f.name === name.name))
        .map(r => `${r.name.at(-1) ?? '(query)'}.${name.name}`)
      throw bindError('MR_BIND_AMBIGUOUS_COLUMN', `column '${name.name}' is ambiguous`, position, {
        expected: [...new Set(tables)],
        hint: 'qualify it, or give the columns different aliases',
      })
    }
    return found[0] && inputRef(found[0].index, found[0].field.type)
  }

  #findQualified(path: readonly Identifier[]): BoundExpression | undefined {
    for (let length = Math.min(3, path.length - 1); length >= 1; length--) {
      const relation = this.relations.find(r => isNamed(r, path.slice(0, length)))
      if (relation === undefined) continue
      const name = path[length]!
      const i = relation.fields.findIndex(f => f.name === name.name)
      if (i < 0) {
        throw bindError(
          'MR_BIND_UNKNOWN_COLUMN',
          `table '${path[length - 1]!.name}' has no column '${name.name}'`,
          name.position,
          {
            nearest: nearestName(
              name.name,
              relation.fields.map(f => f.name),
            ),
            expected: relation.fields.map(f => f.name),
          },
        )
      }
      const ref = inputRef(relation.offset + i, relation.fields[i]!.type)
      return accessPath(ref, path.slice(length + 1))
    }
    return undefined
  }

  unknown(path: readonly Identifier[]) {
    const first = path[0]!
    const names = this.columns().map(column => column.field.name)
    const text = path.map(part => part.name).join('.')
    if (path.length > 1 && this.relations.length > 0) {
      const tables = this.#relationNames()
      return bindError(
        'MR_BIND_UNKNOWN_COLUMN',
        `there is no table or column '${first.name}' for '${text}'`,
        first.position,
        {
          nearest: nearestName(first.name, [...tables, ...names]),
        },
      )
    }
    return bindError('MR_BIND_UNKNOWN_COLUMN', `there is no column '${text}'`, first.position, {
      nearest: nearestName(first.name, names),
      expected: names,
      hint: this.relations.length === 0 ? 'this SELECT has no FROM' : undefined,
    })
  }

  #relationNames(): readonly string[] {
    return this.relations.flatMap(r => r.name.slice(-1))
  }
}

/** A relation answers to the last parts of its name: `t`, `db.t`, `catalog.db.t`. */
function isNamed(relation: ScopeRelation, path: readonly Identifier[]): boolean {
  if (path.length > relation.name.length || path.length === 0) return false
  const tail = relation.name.slice(-path.length)
  return path.every((part, i) => part.name === tail[i])
}
