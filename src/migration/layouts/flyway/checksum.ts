import { crc32 } from 'node:zlib'

/** Flyway's own checksum of a text: CRC-32 over its lines without what ends them, as a signed number. */
export function flywayChecksum(text: string): string {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)
  if (lines.at(-1) === '') lines.pop()
  return String(lines.reduce((sum, line) => crc32(line, sum), 0) | 0)
}
