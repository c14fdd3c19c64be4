import { expect, test } from 'vitest'
import { explain } from '../../../src/planner/index.ts'
import { plannerContext, planOne } from '../../plan/support/plan-script.ts'

const script = `
CREATE TABLE events (k STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH (
  'connector' = 'kafka', 'format' = 'json', 'topic' = 'visible',
  'properties.sasl.jaas.config' = 'org.x password="hunter2";', 'properties.ssl.keystore.password' = 'hunter2'
);
SELECT window_start, k, COUNT(*) FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, k;`

const explained = (...details: Parameters<typeof explain>[1]) => {
  const context = plannerContext()
  return explain(planOne(script, context), details, context)
}
const titles = (text: string) => [...text.matchAll(/^== (.*) ==$/gm)].map(match => match[1])

test('three stages, and more on request', () => {
  expect(titles(explained())).toEqual([
    'Abstract Syntax Tree',
    'Optimized Logical Plan',
    'Optimized Physical Plan',
  ])
  expect(titles(explained('ESTIMATED_COST', 'PLAN_ADVICE', 'JSON_EXECUTION_PLAN')).slice(3)).toEqual([
    'Advice',
    'Estimated Cost',
    'Physical Execution Plan',
  ])
})

test('change kinds are shown only when asked', () => {
  expect(explained()).not.toContain('changelogMode')
  expect(explained('CHANGELOG_MODE')).toContain('changelogMode=[I]')
})

test('the JSON plan is the graph without its secrets', () => {
  const text = explained('JSON_EXECUTION_PLAN')
  expect(text).not.toContain('hunter2')
  const graph = JSON.parse(text.slice(text.indexOf('{')))
  expect(graph).toMatchObject({
    version: 1,
    nodes: [{ kind: 'Scan' }, { kind: 'WindowAggregate' }, { kind: 'Calc' }, { kind: 'Collect' }],
  })
  expect(graph.nodes[0].table.options.topic).toBe('visible')
})

test('advice names what stalls and what grows', () => {
  expect(explained('PLAN_ADVICE')).toContain("SET 'table.exec.source.idle-timeout'")
})
