import { join } from 'node:path'

export type ObjectStore = 'memstore' | 'bluestore'

export interface CephPlace {
  /** Everything lies below it. */
  readonly folder: string
  readonly fsid: string
  readonly store: ObjectStore
  readonly ports: { readonly mon: number; readonly http: number; readonly tls: number }
  readonly certificate: string
  readonly key: string
}

/** The gateway takes `bucket.<this>` for a bucket in the host name. */
export const hostName = 'spaces.test'

/** Room for what a test or a benchmark puts; a file with holes on the disk, or a limit in memory. */
const capacityBytes = 48 * 1024 ** 3

/** One monitor, one object store and one gateway that need no keys among themselves and listen on the loopback interface alone. */
export function cephConfig({ folder, fsid, store, ports, certificate, key }: CephPlace): string {
  const listen = `endpoint=127.0.0.1:${ports.http} ssl_endpoint=127.0.0.1:${ports.tls}`
  return ini({
    global: {
      fsid,
      'mon host': `v1:127.0.0.1:${ports.mon}`,
      'mon initial members': 'a',
      'public addr': '127.0.0.1',
      'cluster addr': '127.0.0.1',
      'ms bind ipv6': false,
      'ms bind msgr2': false,
      'auth cluster required': 'none',
      'auth service required': 'none',
      'auth client required': 'none',
      keyring: join(folder, 'keyring'),
      'run dir': folder,
      'admin socket': '',
      'pid file': '',
      'log file': '',
      'crash dir': join(folder, 'crash'),
      'log to stderr': true,
      'err to stderr': true,
      'debug mon': '0/0',
      'debug osd': '0/0',
      'debug rgw': '0/0',
      'osd pool default size': 1,
      'osd pool default min size': 1,
      'osd pool default pg num': 4,
      'osd pool default pg autoscale mode': 'off',
      'osd crush chooseleaf type': 0,
      'mon allow pool size one': true,
      'mon max pg per osd': 2000,
    },
    mon: {
      'mon data': join(folder, 'mon'),
      'mon cluster log file': join(folder, 'cluster.log'),
      'mon data avail crit': 1,
      'mon data avail warn': 2,
      // the first start makes some twenty small decisions, and waits out each interval
      'paxos propose interval': 0.05,
      'paxos min wait': 0.01,
    },
    osd: {
      'osd data': join(folder, 'osd'),
      'osd objectstore': store,
      'memstore device bytes': capacityBytes,
      'bluestore block create': true,
      'bluestore block size': capacityBytes,
      'osd memory target': 900 * 1024 ** 2,
      'osd op num shards': 2,
      'osd crush update on start': false,
      'osd class update on start': false,
    },
    'client.rgw': {
      'rgw data': join(folder, 'rgw'),
      // without tcp_nodelay each small answer waits for the acknowledgement of the one before
      'rgw frontends': `beast ${listen} ssl_certificate=${certificate} ssl_private_key=${key} tcp_nodelay=1`,
      'rgw dns name': hostName,
      'rgw rados pool pg num min': 4,
      'rgw thread pool size': 32,
      // what was deleted must not fill memory and disk while a benchmark runs
      'rgw gc obj min wait': 5,
      'rgw gc processor period': 10,
    },
  })
}

function ini(sections: Readonly<Record<string, Readonly<Record<string, string | number | boolean>>>>): string {
  return Object.entries(sections)
    .map(
      ([name, settings]) =>
        `[${name}]\n${Object.entries(settings)
          .map(([key, value]) => `${key} = ${value}\n`)
          .join('')}`,
    )
    .join('')
}
