import type { Context } from './command.ts'

/** What has to be said of a store in a folder of a runner, which is gone when the job is. Empty otherwise. */
export function storePlace(url: string, { inAction }: Context): string {
  return inAction && url.startsWith('file:') ? ' It lies on this runner only.' : ''
}
