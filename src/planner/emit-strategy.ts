import type { Config } from '../catalog/index.ts'
import { configError } from '../errors/index.ts'
import type { EmitStrategy } from './plan-graph/plan-graph.ts'

/**
 * When windows speak, from `table.exec.emit.*`. Flink honours these keys for legacy group windows only; here they
 * hold for window table functions too (our extension). Throws MR_CONFIG_EMIT on half a setting.
 */
export function emitStrategy(config: Config): EmitStrategy {
  const early = delayOf(config, 'early-fire')
  const late = delayOf(config, 'late-fire')
  const lateness = config.optionalDurationMs('table.exec.emit.allow-lateness')
  // Flink: with late firing and no lateness given, windows live as long as idle state.
  const allowedLatenessMs = lateness ?? (late === null ? 0 : config.durationMs('table.exec.state.ttl'))
  if (late !== null && allowedLatenessMs === 0) {
    throw configError('MR_CONFIG_EMIT', "'table.exec.emit.late-fire.enabled' needs an allowed lateness", {
      hint: "SET 'table.exec.emit.allow-lateness' = '1 min'",
    })
  }
  return { allowedLatenessMs, earlyDelayMs: early, lateDelayMs: late }
}

function delayOf(config: Config, which: 'early-fire' | 'late-fire'): number | null {
  if (!config.boolean(`table.exec.emit.${which}.enabled`)) return null
  const key = `table.exec.emit.${which}.delay`
  const delay = config.optionalDurationMs(key)
  if (delay !== undefined) return delay
  throw configError('MR_CONFIG_EMIT', `'table.exec.emit.${which}.enabled' needs '${key}'`, {
    hint: `SET '${key}' = '10 s', or '0 ms' to fire on every row`,
  })
}
