/**
 * Where an operator of a chain emits to: the operators chained behind it and the exchanges it feeds. A batch is
 * shown to each in turn; none may change it. Empty batches go nowhere.
 */
import type { OperatorMetricGroup } from '../../metrics/operator-metrics.ts'
import type { Batch } from '../../types/index.ts'
import type { ExchangeWriter } from '../channels/exchange-writer.ts'
import type { Operator, Output } from '../operators/operator.ts'

export interface ChainedOperator {
  readonly nodeId: string
  readonly operator: Operator
  readonly metrics: OperatorMetricGroup
}

export class ChainOutput implements Output {
  readonly #metrics: OperatorMetricGroup
  readonly #operators: ChainedOperator[] = []
  readonly #exchanges: ExchangeWriter[] = []

  constructor(metrics: OperatorMetricGroup) {
    this.#metrics = metrics
  }

  addOperator(operator: ChainedOperator): void {
    this.#operators.push(operator)
  }

  addExchange(exchange: ExchangeWriter): void {
    this.#exchanges.push(exchange)
  }

  emit(batch: Batch): void {
    if (batch.length === 0) return
    this.#metrics.numRecordsOut += batch.length
    for (const target of this.#operators) {
      target.metrics.numRecordsIn += batch.length
      target.operator.processBatch(batch, 0)
    }
    for (const exchange of this.#exchanges) exchange.write(batch)
  }

  emitWatermark(timestampMs: number): void {
    this.#metrics.currentOutputWatermark = timestampMs
    for (const target of this.#operators) {
      target.metrics.currentInputWatermark = timestampMs
      target.operator.processWatermark(timestampMs)
    }
    for (const exchange of this.#exchanges) exchange.broadcast({ kind: 'watermark', timestampMs })
  }
}
