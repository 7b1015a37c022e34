/** A path for a URL: nothing in it can end the link that it stands in, and a name that is no Unicode text does no harm. */
export function urlPath(path: string): string {
  return path.split('/').map(urlPart).join('/')
}

/** One name of a path. */
export function urlPart(name: string): string {
  const text = Buffer.from(name, 'utf8').toString('utf8') // a lone surrogate has no encoding
  return encodeURIComponent(text).replace(/[()'*!]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
}
