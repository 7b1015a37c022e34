import { additions } from './additions.ts'
import { atBoot } from './boot.ts'
import { constraints } from './constraints.ts'
import { meanings } from './meanings.ts'
import { quiet } from './quiet.ts'
import type { CorpusRelease } from './release.ts'
import { removals } from './removals.ts'
import { renames } from './renames.ts'

/** Releases with the right shape known; a server proves each label. */
export const corpus: readonly CorpusRelease[] = [...additions, ...removals, ...renames, ...constraints, ...meanings, ...quiet, ...atBoot]
