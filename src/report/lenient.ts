import { z } from 'zod'

/** A report is also made of a result that is not whole: what is missing or malformed is left out, and nothing throws. */
export const text = z.string().optional().catch(undefined)
export const number = z.number().optional().catch(undefined)
export const flag = z.boolean().optional().catch(undefined)

/** Texts of a list; an absent list is empty. */
export const texts = list(z.string())

/** The entries of a list that fit; an absent list is empty. */
export function list<Entry extends z.ZodType>(entry: Entry) {
  return z
    .array(z.unknown())
    .catch([])
    .transform((all): z.output<Entry>[] => all.flatMap((one) => entry.safeParse(one).data ?? []))
}

/** An object whose absence reads as one without fields. */
export function fields<Shape extends z.ZodRawShape>(shape: Shape) {
  const object = z.object(shape)
  return object.catch(() => object.parse({}))
}
