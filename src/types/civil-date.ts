/**
 * The proleptic Gregorian calendar on epoch days, without Date objects. Years 0001–9999 are what SQL accepts;
 * the arithmetic holds far beyond. Method: Howard Hinnant, "chrono-compatible low-level date algorithms".
 */
export const MS_PER_SECOND = 1000
export const MS_PER_MINUTE = 60_000
export const MS_PER_HOUR = 3_600_000
export const MS_PER_DAY = 86_400_000

export const floorDiv = (a: number, b: number): number => Math.floor(a / b)
export const floorMod = (a: number, b: number): number => {
  const rest = a % b
  return rest < 0 ? rest + b : rest
}

/** Epoch day of a date. `month` 1–12. */
export function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = (((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) | 0) + day - 1
  const dayOfEra = yearOfEra * 365 + ((yearOfEra / 4) | 0) - ((yearOfEra / 100) | 0) + dayOfYear
  return era * 146097 + dayOfEra - 719468
}

/** year × 512 + month × 32 + day: three numbers in one, so that nothing is allocated. */
export function packedCivil(epochDay: number): number {
  const z = epochDay + 719468
  const era = Math.floor(z / 146097)
  const dayOfEra = z - era * 146097
  const yearOfEra =
    ((dayOfEra - ((dayOfEra / 1460) | 0) + ((dayOfEra / 36524) | 0) - ((dayOfEra / 146096) | 0)) / 365) | 0
  const dayOfYear = dayOfEra - (365 * yearOfEra + ((yearOfEra / 4) | 0) - ((yearOfEra / 100) | 0))
  const mp = ((5 * dayOfYear + 2) / 153) | 0
  const day = dayOfYear - (((153 * mp + 2) / 5) | 0) + 1
  const month = mp < 10 ? mp + 3 : mp - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  return year * 512 + month * 32 + day
}

export const yearOf = (epochDay: number): number => Math.floor(packedCivil(epochDay) / 512)
export const monthOf = (epochDay: number): number => (packedCivil(epochDay) >> 5) & 15
export const dayOfMonth = (epochDay: number): number => packedCivil(epochDay) & 31
export const dayOfYear = (epochDay: number): number => epochDay - daysFromCivil(yearOf(epochDay), 1, 1) + 1
/** Monday 1 … Sunday 7. */
export const isoDayOfWeek = (epochDay: number): number => floorMod(epochDay + 3, 7) + 1

export const isLeapYear = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
export function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** ISO 8601 week-based year: the year of the week's Thursday. */
export const isoWeekYear = (epochDay: number): number => yearOf(epochDay + 4 - isoDayOfWeek(epochDay))
export function isoWeek(epochDay: number): number {
  const thursday = epochDay + 4 - isoDayOfWeek(epochDay)
  return Math.floor((thursday - daysFromCivil(yearOf(thursday), 1, 1)) / 7) + 1
}

/** The same day some months later, cut to the month's last day. */
export function addMonthsToDays(epochDay: number, months: number): number {
  const packed = packedCivil(epochDay)
  const total = Math.floor(packed / 512) * 12 + ((packed >> 5) & 15) - 1 + months
  const year = Math.floor(total / 12)
  const month = floorMod(total, 12) + 1
  return daysFromCivil(year, month, Math.min(packed & 31, daysInMonth(year, month)))
}
