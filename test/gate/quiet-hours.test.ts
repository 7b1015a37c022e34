import { expect, test } from 'vitest'
import { isQuiet, nextQuiet, parseQuietHours, type QuietHours, wallTime } from '../../src/gate/quiet-hours.ts'

function hours(text: string): QuietHours {
  const parsed = parseQuietHours(text)
  if (typeof parsed === 'string') throw new Error(parsed)
  return parsed
}

const at = (text: string) => new Date(text)

test.each([
  // 2026-11-20 is a Friday; Berlin is an hour ahead of UTC in winter
  ['22:00-06:00 Europe/Berlin', '2026-11-20T20:59:00Z', false],
  ['22:00-06:00 Europe/Berlin', '2026-11-20T21:00:00Z', true],
  ['22:00-06:00 Europe/Berlin', '2026-11-21T04:59:00Z', true],
  ['22:00-06:00 Europe/Berlin', '2026-11-21T05:00:00Z', false],
  ['22:00-06:00', '2026-11-20T22:00:00Z', true],
  ['01:00-05:00', '2026-11-20T05:00:00Z', false],
  ['20:00-24:00', '2026-11-20T23:59:59Z', true],
  ['20:00-24:00', '2026-11-21T00:00:00Z', false],
  ['sat,sun', '2026-11-20T23:59:00Z', false],
  ['sat,sun', '2026-11-21T00:00:00Z', true],
  ['Sat, Sun Europe/Berlin', '2026-11-20T23:30:00Z', true],
  ['mon-fri 20:00-06:00', '2026-11-20T21:00:00Z', true],
  // what begins on Friday ends on Saturday, and nothing begins on Saturday
  ['mon-fri 20:00-06:00', '2026-11-21T05:59:00Z', true],
  ['mon-fri 20:00-06:00', '2026-11-21T20:00:00Z', false],
  // the night from Sunday to Monday belongs to Sunday
  ['mon-fri 20:00-06:00', '2026-11-23T05:00:00Z', false],
  ['mon-fri 20:00-06:00 America/New_York, sat, sun', '2026-11-22T12:00:00Z', true],
  ['fri-mon', '2026-11-23T12:00:00Z', true],
  ['fri-mon', '2026-11-24T12:00:00Z', false],
])('%s at %s: %s', (text, moment, quiet) => {
  expect(isQuiet(hours(text), at(moment))).toBe(quiet)
})

test('the hours are those on the wall when the clock changes', () => {
  // on 2026-03-29 Berlin goes from 02:00 to 03:00, on 2026-10-25 from 03:00 back to 02:00
  const night = hours('02:00-03:00 Europe/Berlin')
  expect(nextQuiet(night, at('2026-03-28T12:00:00Z'))).toEqual(at('2026-03-30T00:00:00Z')) // there is none on the 29th
  expect(isQuiet(night, at('2026-10-25T00:30:00Z'))).toBe(true)
  expect(isQuiet(night, at('2026-10-25T01:30:00Z'))).toBe(true) // the same hour a second time
  expect(isQuiet(night, at('2026-10-25T02:00:00Z'))).toBe(false)
  const evening = hours('22:00-06:00 Europe/Berlin')
  expect(nextQuiet(evening, at('2026-03-28T12:00:00Z'))).toEqual(at('2026-03-28T21:00:00Z'))
  expect(nextQuiet(evening, at('2026-03-29T12:00:00Z'))).toEqual(at('2026-03-29T20:00:00Z'))
  expect(isQuiet(evening, at('2026-03-29T03:59:00Z'))).toBe(true)
  expect(isQuiet(evening, at('2026-03-29T04:00:00Z'))).toBe(false)
})

test('the next quiet minute is found, and is now when it is quiet now', () => {
  expect(nextQuiet(hours('sat,sun'), at('2026-11-22T10:00:07Z'))).toEqual(at('2026-11-22T10:00:07Z'))
  expect(nextQuiet(hours('sat,sun'), at('2026-11-23T00:00:30Z'))).toEqual(at('2026-11-28T00:00:00Z'))
  expect(nextQuiet(hours('22:00-06:00 Asia/Kathmandu'), at('2026-11-20T12:00:00Z'))).toEqual(at('2026-11-20T16:15:00Z'))
  // the only hour of the week is left out once a year
  expect(nextQuiet(hours('sun 02:00-03:00 Europe/Berlin'), at('2026-03-23T00:00:00Z'))).toEqual(at('2026-04-05T00:00:00Z'))
  expect(wallTime(hours('22:00-06:00 Asia/Kathmandu'), at('2026-11-20T16:15:00Z'))).toBe('Fri 22:00 Asia/Kathmandu')
})

test.each([
  '',
  'night',
  '22-06',
  '22:00-22:00',
  '25:00-06:00',
  '24:00-06:00',
  '22:60-06:00',
  'mon-xyz 22:00-06:00',
  '22:00-06:00 Europe/Atlantis',
  'Europe/Berlin',
  '22:00-06:00,',
  '22:00-06:00 Europe/Berlin, sat America/New_York',
  '22:00-06:00; drop table x',
])('%j is refused, and what it should be is said', (text) => {
  expect(parseQuietHours(text)).toMatch(/^must /)
})
