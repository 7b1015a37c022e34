import { ReleaseError } from '../../errors.ts'
import type { Layout } from '../layout.ts'

/** Where the way back begins in the files of layouts that keep both ways in one. */
const waysBack: readonly (readonly [mark: RegExp, layout: Layout['name']])[] = [
  [/^[ \t]*--[ \t]*migrate:down\b/m, 'dbmate'],
  [/^[ \t]*--[ \t]*\+goose[ \t]+down\b/im, 'goose'],
]

/** Throws for a file with its way back in it, in a layout that sends files whole: it would undo itself. */
export function refuseOwnWayBack(path: string, text: string): void {
  const [, layout] = waysBack.find(([mark]) => mark.test(text)) ?? []
  if (layout === undefined) return
  throw new ReleaseError('unsupported-migration', `${path} is written for ${layout}; sent whole, its way back would run too.`, {
    at: path,
    hint: `Set migrations.layout to ${layout}.`,
  })
}
