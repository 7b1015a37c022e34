/** Days from Sunday, 0, to Saturday, 6, and minutes of the day. */
interface Window {
  readonly days: readonly number[]
  readonly from: number
  /** Not after `from` when it lies in the next day. */
  readonly to: number
}

/** When long work is welcome, by the clock of a time zone. */
export interface QuietHours {
  readonly windows: readonly Window[]
  readonly zone: string
  /** As it was given. */
  readonly text: string
}

const dayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const
const everyDay = [0, 1, 2, 3, 4, 5, 6]
const minutesOfDay = 1440
const minuteMs = 60_000

/** Reads `22:00-06:00 Europe/Berlin, sat, sun`. A text that comes back says what is wrong. */
export function parseQuietHours(text: string): QuietHours | string {
  const windows: Window[] = []
  const zones = new Set<string>()
  for (const part of text.split(',').map((one) => one.trim())) {
    const [, days, times, zone] =
      /^([a-z]{3}(?:-[a-z]{3})?)?\s*(\d\d:\d\d-\d\d:\d\d)?(?:(?:^|\s+)([A-Za-z][\w+-]*(?:\/[\w+-]+)*))?$/i.exec(part) ?? []
    const listed = days === undefined ? everyDay : daysOf(days.toLowerCase())
    const hours = times === undefined ? { from: 0, to: minutesOfDay } : hoursOf(times)
    if (listed === undefined || hours === undefined || (days === undefined && times === undefined)) return wrong
    if (zone !== undefined) zones.add(zone)
    windows.push({ days: listed, ...hours })
  }
  const [zone = 'UTC', ...others] = zones
  if (others.length > 0) return 'must have one time zone for all of its hours'
  return isZone(zone) ? { windows, zone, text } : `must name a time zone as the IANA list has it, such as Europe/Berlin`
}

const wrong = 'must be hours, days or both, such as 22:00-06:00 Europe/Berlin, or mon-fri 20:00-06:00, sat, sun'

function daysOf(text: string): readonly number[] | undefined {
  const [first = -1, last = first] = text.split('-').map((name) => (dayNames as readonly string[]).indexOf(name))
  if (first < 0 || last < 0) return undefined
  const length = ((last - first + 7) % 7) + 1
  return Array.from({ length }, (_, index) => (first + index) % 7)
}

function hoursOf(text: string): { from: number; to: number } | undefined {
  const [from, to] = text.split('-').map((time) => {
    const [hour = 0, minute = 0] = time.split(':').map(Number)
    return minute < 60 && hour * 60 + minute <= minutesOfDay ? hour * 60 + minute : undefined
  })
  return from === undefined || to === undefined || from === to || from === minutesOfDay ? undefined : { from, to }
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

/** By the clock on the wall: an hour that a change to winter time brings twice is quiet twice. */
export function isQuiet(hours: QuietHours, at: Date): boolean {
  return quietAt(hours, wallClock(hours.zone))(at)
}

/** The first minute from `at` on that is quiet; there is one within a week, or within two where the clock leaves an hour out. */
export function nextQuiet(hours: QuietHours, at: Date): Date | undefined {
  const quiet = quietAt(hours, wallClock(hours.zone))
  if (quiet(at)) return at
  const start = Math.ceil(at.getTime() / minuteMs)
  for (let minute = start; minute < start + 15 * minutesOfDay; minute++) {
    const moment = new Date(minute * minuteMs)
    if (quiet(moment)) return moment
  }
  return undefined
}

/** `Fri 22:00 Europe/Berlin`, for people. */
export function wallTime({ zone }: QuietHours, at: Date): string {
  const { day, minute } = wallClock(zone)(at)
  const name = dayNames[day] as string
  const [hour, rest] = [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0'))
  return `${name[0]?.toUpperCase()}${name.slice(1)} ${hour}:${rest} ${zone}`
}

interface WallTime {
  readonly day: number
  readonly minute: number
}

function quietAt({ windows }: QuietHours, clock: (at: Date) => WallTime): (at: Date) => boolean {
  return (at) => {
    const { day, minute } = clock(at)
    const yesterday = (day + 6) % 7
    return windows.some(({ days, from, to }) =>
      from < to
        ? days.includes(day) && minute >= from && minute < to
        : (days.includes(day) && minute >= from) || (days.includes(yesterday) && minute < to),
    )
  }
}

function wallClock(zone: string): (at: Date) => WallTime {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  return (at) => {
    const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
    const day = (dayNames as readonly string[]).indexOf((parts.weekday ?? '').toLowerCase())
    return { day, minute: Number(parts.hour) * 60 + Number(parts.minute) }
  }
}
