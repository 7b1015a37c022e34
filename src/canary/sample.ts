/** A span of time, in milliseconds since 1970; windows of a watch do not overlap. */
export interface Window {
  readonly startMs: number
  /** Not part of it. */
  readonly endMs: number
}

/**
 * What a source said of one window. Only `value` is a number that may be judged; everything else is a state of its own,
 * and none of them is good news.
 */
export type Sample =
  | { readonly state: 'value'; readonly value: number; readonly requests?: number | undefined }
  /** The source answered, and had nothing. */
  | { readonly state: 'empty' }
  | { readonly state: 'nan' }
  /** The newest data is older than the window. */
  | { readonly state: 'stale'; readonly ageMs: number }
  /** A quantile beyond the largest bucket: the true value may be anything above. */
  | { readonly state: 'saturated'; readonly value: number; readonly requests?: number | undefined }
  | { readonly state: 'too-little-traffic'; readonly requests: number }
  /** No answer, or one that is not to be trusted. */
  | { readonly state: 'error'; readonly message: string }

export interface WindowSample {
  readonly window: Window
  readonly sample: Sample
}
