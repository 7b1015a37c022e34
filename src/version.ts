declare const __VERSION__: string | undefined

/** The released version; the bundle carries it, the sources do not. */
export const version: string = typeof __VERSION__ === 'string' ? __VERSION__ : '0.0.0-source'
