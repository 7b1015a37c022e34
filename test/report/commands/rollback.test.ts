import { expect, test } from 'vitest'
import { renderTerminal } from '../../../src/report/terminal.ts'
import { type Entry, resultOf, rolledBack } from '../results.ts'

test('a decision without the database says so in its headline, its reason and its facts', () => {
  expect(renderTerminal(resultOf(rolledBack as Entry), { color: false })).toMatchInlineSnapshot(`
    "✔ Dry run  rollback to v1 production, from the record
    From the record of 2026-11-21 14:02:26 UTC (migrate, run 77.1), 3 h 8 min ago, not from the database: The code of v1 may be deployed on the schema as it is (by rules); 1 migration stays behind.

    Checks
      Check                           Result    Evidence
      Checks of the target on GitHub  ✖ failed  1 of 14 checks of v1 failed: lint. https://github.com/acme/shop/commit/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/checks

      Database    db.example.org:5432/shop
      From        v2
      To          v1 (aaaaaaaaaaaa)
      Shape       code-only
      Decided by  rules alone: no query of the target was given
      Recorded    no
      Issue       https://github.com/acme/shop/issues/7

    Version 3 (3_city) had begun, and may have run: it counts as run.
    Turn the flags of the new features off, where there are any.

    What stays behind in the schema
      Migration  The data, when it is taken back later
      2_phone    nothing is lost

    The issue, to open by hand
      Address to open
      https://github.com/acme/shop/issues/new?title=Rollback

    shiplock 1.4.0 · production · release v1.9 · 16.2 s · 2026-11-21 14:02:26 UTC
    "
  `)
})
