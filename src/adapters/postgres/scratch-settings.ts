import { statfs } from 'node:fs/promises'
import { totalmem } from 'node:os'

const mebibyte = 1024 ** 2

interface ScratchPlace {
  readonly folder: string
  readonly socketDir: string
  readonly jobs: number
  /** Libraries that an extension needs from the start. */
  readonly preload: readonly string[]
}

/** Settings for loading once and throwing away: nothing survives a crash, and nothing needs to. */
export async function scratchSettings({ folder, socketDir, jobs, preload }: ScratchPlace): Promise<Record<string, string>> {
  const memory = Math.min(totalmem(), process.constrainedMemory?.() || Number.POSITIVE_INFINITY) / mebibyte
  const { bavail, bsize } = await statfs(folder)
  return {
    listen_addresses: '',
    unix_socket_directories: JSON.stringify(socketDir), // a comma would make it two
    unix_socket_permissions: '0700',
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    wal_level: 'minimal',
    max_wal_senders: '0',
    max_wal_size: `${between(512, (bavail * bsize) / mebibyte / 10, 8192)}MB`,
    checkpoint_timeout: '1h',
    autovacuum: 'off',
    shared_buffers: `${between(64, memory / 8, 1024)}MB`,
    // each job may build an index of its own
    maintenance_work_mem: `${between(32, memory / 8 / jobs, 1024)}MB`,
    // a container grants 64 MB of /dev/shm, which a parallel query can exceed
    dynamic_shared_memory_type: 'mmap',
    jit: 'off',
    lo_compat_privileges: 'on', // whoever may read tables may read large objects
    ...(preload.length === 0 ? {} : { shared_preload_libraries: preload.join(',') }),
    timezone: 'UTC',
    // the log must not hold statements, nor with them rows
    log_min_messages: 'error',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
  }
}

function between(least: number, wanted: number, most: number): number {
  return Math.round(Math.min(most, Math.max(least, wanted)))
}
