import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where the tools stay once they are built. */
export function cacheDir(): string {
  const cache =
    process.platform === 'darwin' ? join(homedir(), 'Library', 'Caches') : process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
  return join(cache, 'shiplock-peers')
}
