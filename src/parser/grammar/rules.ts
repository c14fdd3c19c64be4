import type * as ast from '../ast/index.ts'
import type { RuleOf } from './grammar.ts'

/** Every rule by name. Each grammar file fills in its own; bodies may refer to any of them. */
export interface Rules {
  script: RuleOf<readonly ast.Statement[]>
  singleStatement: RuleOf<ast.Statement>
  singleExpression: RuleOf<ast.Expression>
  singleTypeName: RuleOf<ast.TypeName>
  statement: RuleOf<ast.Statement>

  qualifiedName: RuleOf<ast.QualifiedName>
  nameList: RuleOf<readonly ast.Identifier[]>
  string: RuleOf<ast.StringLiteral>
  properties: RuleOf<readonly ast.Property[]>
  unsignedInteger: RuleOf<number>
  ifExists: RuleOf<boolean>
  ifNotExists: RuleOf<boolean>

  typeName: RuleOf<ast.TypeName>
  baseType: RuleOf<ast.TypeName>
  typeFields: RuleOf<readonly ast.TypeField[]>
  intervalQualifier: RuleOf<ast.IntervalQualifier>

  expression: RuleOf<ast.Expression>
  conjunction: RuleOf<ast.Expression>
  negation: RuleOf<ast.Expression>
  test: RuleOf<ast.Expression>
  comparison: RuleOf<ast.Expression>
  predicate: RuleOf<ast.Expression>
  sum: RuleOf<ast.Expression>
  product: RuleOf<ast.Expression>
  signed: RuleOf<ast.Expression>
  postfix: RuleOf<ast.Expression>
  primary: RuleOf<ast.Expression>
  literal: RuleOf<ast.Expression>
  number: RuleOf<ast.NumberLiteral>
  dateTimeLiteral: RuleOf<ast.Expression>
  intervalLiteral: RuleOf<ast.IntervalLiteral>
  parenthesis: RuleOf<ast.Expression>
  constructor_: RuleOf<ast.Expression>
  caseExpression: RuleOf<ast.Expression>
  exists: RuleOf<ast.Expression>
  cast: RuleOf<ast.Expression>
  specialCall: RuleOf<ast.Expression>
  timeUnit: RuleOf<ast.TimeUnitArgument>
  jsonCall: RuleOf<ast.Expression>
  jsonEntry: RuleOf<ast.JsonEntry>
  jsonNullClause: RuleOf<ast.JsonNullClause>
  nameOrCall: RuleOf<ast.Expression>
  functionCall: RuleOf<ast.FunctionCall>
  argument: RuleOf<ast.Argument>
  overClause: RuleOf<ast.WindowSpecification | ast.WindowReference>
  filterClause: RuleOf<ast.Expression>

  query: RuleOf<ast.Query>
  parenthesizedQuery: RuleOf<ast.Query>
  queryBody: RuleOf<ast.QueryBody>
  queryTerm: RuleOf<ast.QueryBody>
  queryPrimary: RuleOf<ast.QueryBody>
  select: RuleOf<ast.Select>
  selectItem: RuleOf<ast.SelectItem>
  values: RuleOf<ast.Values>
  groupingElement: RuleOf<ast.GroupingElement>
  groupingExpressions: RuleOf<ast.GroupingExpressions>
  orderItem: RuleOf<ast.OrderItem>
  orderItems: RuleOf<readonly ast.OrderItem[]>
  partitionExpressions: RuleOf<readonly ast.Expression[]>
  windowSpecification: RuleOf<ast.WindowSpecification>
  windowFrame: RuleOf<ast.WindowFrame>
  frameBound: RuleOf<ast.FrameBound>
  hints: RuleOf<readonly ast.Hint[]>
  hint: RuleOf<ast.Hint>

  relation: RuleOf<ast.Relation>
  joinedRelation: RuleOf<ast.Relation>
  relationPrimary: RuleOf<ast.Relation>
  namedRelation: RuleOf<ast.Relation>
  lateralRelation: RuleOf<ast.Relation>
  tableAlias: RuleOf<ast.TableAlias>
  tableFunctionCall: RuleOf<ast.FunctionCall>
  matchRecognize: RuleOf<MatchClauses>
  patternVariable: RuleOf<ast.PatternVariable>

  createStatement: RuleOf<ast.Statement>
  replaceTable: RuleOf<ast.Statement>
  tableElement: RuleOf<TableElement>
  tableElements: RuleOf<TableElements>
  columnDefinition: RuleOf<ColumnElement>
  watermark: RuleOf<ast.WatermarkDefinition>
  primaryKey: RuleOf<ast.PrimaryKeyDefinition>
  distribution: RuleOf<ast.Distribution>
  likeClause: RuleOf<ast.LikeClause>
  alterStatement: RuleOf<ast.Statement>
  alterTableAction: RuleOf<ast.AlterTableAction>
  alteredElements: RuleOf<ast.AlteredElements>
  alterOptions: RuleOf<ast.AlterOptionsAction>
  partitionEntries: RuleOf<readonly ast.PartitionEntry[]>
  partitionSpecs: RuleOf<readonly ast.PartitionSpec[]>
  dropStatement: RuleOf<ast.Statement>
  functionLanguage: RuleOf<ast.FunctionLanguage>

  insert: RuleOf<ast.Insert>
  executeStatement: RuleOf<ast.Statement>
  statementSet: RuleOf<readonly ast.Insert[]>
  beginStatementSet: RuleOf<ast.Statement>
  compilePlan: RuleOf<ast.Statement>
  explain: RuleOf<ast.Statement>
  set: RuleOf<ast.Statement>
  reset: RuleOf<ast.Statement>
  use: RuleOf<ast.Statement>
  show: RuleOf<ast.Statement>
  showCreate: RuleOf<ast.ShowCreate>
  describe: RuleOf<ast.Statement>
  stopJob: RuleOf<ast.Statement>
  call: RuleOf<ast.Statement>
}

/** What stands between the parentheses of MATCH_RECOGNIZE. */
export type MatchClauses = Omit<ast.MatchRecognize, 'kind' | 'position' | 'input' | 'alias'>

export interface ColumnElement {
  readonly kind: 'Column'
  readonly definition: ast.ColumnDefinition
  readonly primaryKey: ast.PrimaryKeyDefinition | undefined
  readonly position: ast.ColumnDefinition['position']
}

export type TableElement =
  | ColumnElement
  | { readonly kind: 'NameOnly'; readonly name: ast.Identifier }
  | ast.WatermarkDefinition
  | ast.PrimaryKeyDefinition

export interface TableElements {
  readonly columns: readonly ast.ColumnDefinition[]
  readonly columnNames: readonly ast.Identifier[]
  readonly watermarks: readonly ast.WatermarkDefinition[]
  readonly primaryKeys: readonly ast.PrimaryKeyDefinition[]
}
