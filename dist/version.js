// src/version.ts
/** The released version; the bundle carries it, the sources do not. */
const version = "0.1.0";
export { version as t };
