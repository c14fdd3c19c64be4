/** Benchmarks still run: each once, at a thousandth of its size. What they measure is not looked at. */
import { expect, test } from 'vitest'
import { benchmarks, longBenchmarks } from '../../bench/benchmarks.ts'
import { growth } from '../../bench/growth/index.ts'
import { runBenchmark } from '../../bench/harness.ts'

test('names are unique', () => {
  const names = [...benchmarks, ...longBenchmarks].map(({ name }) => name)
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
})

test.each([...benchmarks, ...growth])('$name', async benchmark => {
  const result = await runBenchmark(benchmark, 0.001)
  const values =
    result.kind === 'figures'
      ? result.figures.map(({ value }) => value)
      : result.measurements.map(m => m.recordsPerCpuSecond)
  expect(values.length).toBeGreaterThan(0)
  expect(values.filter(value => Number.isNaN(value))).toEqual([])
})
