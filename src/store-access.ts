import type { InputValues } from './inputs.ts'

/** The inputs that say how to reach a store, whatever the command. */
export const storeAccessNames = [
  's3-endpoint',
  's3-region',
  's3-access-key-id',
  's3-secret-access-key',
  's3-session-token',
  's3-ca',
  's3-force-path-style',
  'stall-timeout',
] as const

/** What it takes to reach an S3 store. */
export interface StoreAccess {
  readonly endpoint: string | undefined
  readonly region: string | undefined
  readonly accessKeyId: string | undefined
  readonly secretAccessKey: string | undefined
  readonly sessionToken: string | undefined
  /** Path of a PEM file of authorities. */
  readonly ca: string | undefined
  readonly forcePathStyle: boolean
  readonly stallTimeoutMs: number
}

/** A session token of the surroundings belongs to their key, and says nothing with another one. */
export function storeAccess(inputs: Pick<InputValues, (typeof storeAccessNames)[number]>, given: ReadonlyMap<string, string>): StoreAccess {
  const ownKey = Boolean(given.get('s3-access-key-id'))
  return {
    endpoint: inputs['s3-endpoint'],
    region: inputs['s3-region'],
    accessKeyId: inputs['s3-access-key-id'],
    secretAccessKey: inputs['s3-secret-access-key'],
    sessionToken: ownKey && !given.get('s3-session-token') ? undefined : inputs['s3-session-token'],
    ca: inputs['s3-ca'],
    forcePathStyle: inputs['s3-force-path-style'],
    stallTimeoutMs: inputs['stall-timeout'],
  }
}
