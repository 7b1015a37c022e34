import { isIP } from 'node:net'
import { storeKeyProblem } from '../../../backup/store-key.ts'
import { ReleaseError } from '../../../errors.ts'
import type { StoreAccess } from '../../../store-access.ts'

/** Where the objects of a store lie. */
export interface S3Place {
  readonly bucket: string
  /** What the keys of the store begin with in the bucket: empty, or names that end with `/`. */
  readonly base: string
  readonly endpoint: string
  readonly region: string
  readonly pathStyle: boolean
  /** `s3://bucket/prefix at host`; no secrets. */
  readonly description: string
}

/** Reads `s3://bucket/prefix` and what was said of its server. Throws `invalid-store`. */
export function s3Place(url: string, access: Pick<StoreAccess, 'endpoint' | 'region' | 'forcePathStyle'>): S3Place {
  const [, bucket = '', rest = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/.exec(url) ?? []
  const prefix = rest.replace(/\/+$/, '')
  const problem = bucket === '' ? 'it names no bucket' : prefix === '' ? undefined : storeKeyProblem(prefix)
  if (problem !== undefined) throw invalid(`The store ${url} cannot be used: ${problem}`, 'Write it as s3://bucket/prefix.')
  const endpoint = new URL(access.endpoint ?? `https://s3.${access.region ?? 'us-east-1'}.amazonaws.com`)
  const pathStyle = access.forcePathStyle || isLocal(endpoint) || isIP(bareHost(endpoint)) !== 0 || hasOddName(bucket, endpoint)
  checkEndpoint(endpoint, bucket, pathStyle)
  return {
    bucket,
    base: prefix === '' ? '' : `${prefix}/`,
    endpoint: endpoint.origin,
    region: access.region ?? regionOf(endpoint.hostname),
    pathStyle,
    description: `s3://${bucket}${prefix === '' ? '' : `/${prefix}`} at ${endpoint.host}`,
  }
}

function checkEndpoint(endpoint: URL, bucket: string, pathStyle: boolean): void {
  const { hostname, origin } = endpoint
  if (endpoint.protocol !== 'https:' && !isLocal(endpoint)) {
    throw invalid(
      `s3-endpoint ${origin} would send the database over the network in the clear`,
      `Write it as https://${endpoint.host}; http:// is for a server on this machine only.`,
    )
  }
  if (hostname.endsWith('.cdn.digitaloceanspaces.com')) {
    const region = hostname.split('.').at(-4)
    throw invalid(
      `s3-endpoint ${origin} is the address of a CDN, which serves copies and takes no uploads`,
      `Write it as https://${region}.digitaloceanspaces.com.`,
    )
  }
  const [, region] = /^[^.]+\.(.+)$/.exec(hostname) ?? []
  if (!pathStyle && hostname.startsWith(`${bucket}.`) && region !== 'digitaloceanspaces.com') {
    throw invalid(
      `s3-endpoint ${origin} begins with the name of the bucket already`,
      `Write it as https://${endpoint.host.slice(bucket.length + 1)}; if ${hostname} is the server's own name, set s3-force-path-style too.`,
    )
  }
}

/** A name with dots does not fit under the one level that the wildcard of a certificate covers. */
function hasOddName(bucket: string, endpoint: URL): boolean {
  return endpoint.protocol === 'https:' && bucket.includes('.')
}

function isLocal(endpoint: URL): boolean {
  const host = bareHost(endpoint)
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

function bareHost({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '')
}

function regionOf(hostname: string): string {
  const [, region] = /^(?:s3\.)?([a-z0-9-]+)\.(?:digitaloceanspaces|amazonaws)\.com$/.exec(hostname) ?? []
  return region === undefined || region === 's3' ? 'us-east-1' : region
}

function invalid(problem: string, hint: string): ReleaseError {
  return new ReleaseError('invalid-store', `${problem}.`, { hint })
}
