import type { ServerResponse } from 'node:http'
import { type Bucket, failure, type S3Answer } from './bucket.ts'
import type { S3Request } from './request.ts'

/** What goes wrong with a request; `carryOut` is what the store would have done. */
export type Fault = (exchange: Exchange) => void

interface Exchange {
  readonly response: ServerResponse
  readonly request: S3Request
  readonly bucket: Bucket
  readonly carryOut: () => S3Answer
}

/** An error in the words of S3; HEAD gets no body, as everywhere. */
export function refuse(status: number, code: string): Fault {
  return ({ response, request }) => send(response, failure(status, code), request.operation === 'HeadObject')
}

/** The connection breaks before the request is carried out. */
export const drop: Fault = ({ response }) => response.destroy()

/** The request is carried out, but the connection breaks before the answer. */
export const loseAnswer: Fault = ({ response, carryOut }) => {
  carryOut()
  response.destroy()
}

/** The connection breaks after some bytes of the body. */
export function breakAfter(bytes: number): Fault {
  return ({ response, carryOut }) => sendSome(response, carryOut(), bytes, () => response.destroy())
}

/** The request is taken, and never answered. */
export const silence: Fault = () => {}

/** Nothing more comes after some bytes of the body. */
export function silenceAfter(bytes: number): Fault {
  return ({ response, carryOut }) => sendSome(response, carryOut(), bytes, () => {})
}

/** A page of a proxy or a console, with status 200. */
export const loginPage: Fault = ({ response }) => {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<!doctype html><title>Please log in</title>')
}

/** A bit changes on the way, before the store compares the checksum. */
export const flipOnTheWay: Fault = ({ response, request, carryOut }) => {
  flipBit(request.body)
  send(response, carryOut())
}

/** The store takes an object, says so, and keeps something else: for PutObject and CompleteMultipartUpload. */
export function keepChanged(change: (bytes: Buffer) => Buffer): Fault {
  return ({ response, request, bucket, carryOut }) => {
    const answer = carryOut()
    const object = bucket.objects.get(request.key)
    if (object !== undefined) object.bytes = change(object.bytes)
    send(response, answer)
  }
}

export function flipBit(bytes: Buffer): void {
  const middle = bytes.length >> 1
  bytes[middle] = (bytes[middle] ?? 0) ^ 1
}

export function send(response: ServerResponse, { status, headers, body }: S3Answer, bodyless = false): void {
  response.writeHead(status, { ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }), ...headers })
  response.end(bodyless ? undefined : body)
}

function sendSome(response: ServerResponse, { status, headers, body = '' }: S3Answer, bytes: number, then: () => void): void {
  response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers })
  response.write(Buffer.from(body).subarray(0, bytes), then)
}
