/**
 * The same object in the many spellings producers use: other key order, white space, escapes where none are needed,
 * fields nobody asked for, NULL written or left out, numbers as text.
 */
import type { Random } from '../../support/random.ts'

export type Fields = Readonly<Record<string, string | number | null>>

const escaped = (text: string): string =>
  [...text]
    .flatMap(char => [...Array(char.length).keys()].map(i => char.charCodeAt(i)))
    .map(unit => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('')

function valueText(value: string | number | null, random: Random): string {
  if (typeof value === 'string' && random.chance(0.1)) return `"${escaped(value)}"`
  if (typeof value === 'string' && random.chance(0.1)) return JSON.stringify(value).replaceAll('/', '\\/')
  if (typeof value === 'number' && random.chance(0.05)) return `"${value}"`
  return JSON.stringify(value)
}

const extras = [
  '"extra":{"ip":"not this one","deep":[1,{"event_time":"never"}]}',
  '"":null',
  '"agent":"Mozilla/5.0 (\\"quoted\\") \\\\ \\t ✓"',
]

export function oddJson(fields: Fields, random: Random): string {
  const present = Object.entries(fields).filter(([, value]) => value !== null || random.chance(0.5))
  if (random.chance(0.6)) return JSON.stringify(Object.fromEntries(present))
  const members = present.map(([name, value]) => {
    const key = random.chance(0.05) ? `"${escaped(name)}"` : JSON.stringify(name)
    return `${key}${random.pick([':', ': ', ' :\t'])}${valueText(value, random)}`
  })
  if (random.chance(0.3)) members.push(random.pick(extras))
  return `{${random.pick(['', ' ', '\n'])}${random.shuffled(members).join(random.pick([',', ', ']))}}`
}
