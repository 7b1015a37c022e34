import { describe, expect, test } from 'vitest'
import { LiveLine } from '../src/live-line.ts'

function screen(columns: number | undefined) {
  const written: string[] = []
  let time = 0
  const line = new LiveLine({ write: (text) => void written.push(text), columns: () => columns, now: () => time })
  const pass = (ms: number) => {
    time += ms
  }
  return { line, written, pass }
}

describe('in a log that is kept', () => {
  test('a line is shown at once, and the next after ten seconds at the earliest', () => {
    const { line, written, pass } = screen(undefined)
    line.show({ text: 'one' })
    pass(9999)
    line.show({ text: 'two' })
    pass(1)
    line.show({ text: 'three', share: 0.427 })
    expect(written).toEqual(['one\n', 'three, 42 %\n'])
  })

  test('nothing is ever taken back', () => {
    const { line, written } = screen(undefined)
    line.show({ text: 'one' })
    line.clear()
    expect(written).toEqual(['one\n'])
  })
})

describe('on a terminal', () => {
  test('each line replaces the one before, with a bar when the share is known', () => {
    const { line, written } = screen(80)
    line.show({ text: 'building', share: 0.5 })
    line.show({ text: 'building', share: 1 })
    expect(written).toEqual(['\r\u001b[2K[##########----------] 50 % building', '\r\u001b[2K[####################] 100 % building'])
  })

  test('a line never wraps: what was wrapped could not be replaced', () => {
    const { line, written } = screen(10)
    line.show({ text: 'a very long line' })
    expect(written).toEqual(['\r\u001b[2Ka very lo'])
  })

  test('is taken back before a line that is kept, once', () => {
    const { line, written } = screen(80)
    line.show({ text: 'one' })
    line.clear()
    line.clear()
    expect(written).toEqual(['\r\u001b[2Kone', '\r\u001b[2K'])
  })
})
