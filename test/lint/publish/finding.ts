import type { FindingDetail } from '../../../src/lint/publish/details.ts'

/** A finding of the result, as most tests need it. */
export function finding(given: Partial<FindingDetail> = {}): FindingDetail {
  const start = { offset: 0, line: 1, column: 1 }
  return {
    rule: 'require-concurrent-index-creation',
    severity: 'error',
    path: 'db/migrations/2_b.sql',
    phase: 'pre',
    start,
    end: { offset: 10, line: 1, column: 11 },
    message: 'Building the index i on orders holds back every write.',
    harm: 'Every write to orders waits.',
    remedy: 'Use CREATE INDEX CONCURRENTLY.',
    instead: [],
    fingerprint: `f${given.start?.line ?? 1}`,
    ...given,
  }
}
