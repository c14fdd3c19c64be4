/** What the project's tools share in reading their command lines. */
import pc from 'picocolors'

/** The parsed options; a mistake is said in one line and ends the program with code 2, before anything is started. */
export function optionsOrExit<T>(parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    console.error(pc.red(error instanceof Error ? error.message : String(error)))
    process.exit(2)
  }
}

/** @throws Error that names the option. */
export function wholeNumber(name: string, text: string, least: number): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < least)
    throw new Error(`--${name} must be a whole number of at least ${least}, not '${text}'`)
  return value
}
