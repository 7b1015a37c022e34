/** A condition as far as it can be reasoned about. What is not understood is an atom with its text. */
export type Formula =
  | { readonly kind: 'known'; readonly value: boolean }
  | Atom
  | { readonly kind: 'not'; readonly of: Formula }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Formula[] }

export interface Atom {
  readonly kind: 'atom'
  /** The same text is the same atom. */
  readonly text: string
  /** What it says of a variable: that it is true, is defined, or equals a literal. */
  readonly about?: { readonly variable: string; readonly says: 'true' | 'defined' | { readonly equals: string } }
  /** Set when it says that the host has this key. */
  readonly key?: string
}

/** Something known: that a formula has a value. */
export interface Fact {
  readonly formula: Formula
  readonly value: boolean
}

export const always: Formula = { kind: 'known', value: true }

export function not(of: Formula): Formula {
  if (of.kind === 'known') return { kind: 'known', value: !of.value }
  return of.kind === 'not' ? of.of : { kind: 'not', of }
}

export function all(of: readonly Formula[]): Formula {
  return join('and', of)
}

export function any(of: readonly Formula[]): Formula {
  return join('or', of)
}

export function atomsOf(formula: Formula): readonly Atom[] {
  if (formula.kind === 'atom') return [formula]
  if (formula.kind === 'known') return []
  return formula.kind === 'not' ? atomsOf(formula.of) : formula.of.flatMap(atomsOf)
}

/** More than this is not tried through: two to the power of it. */
const mostAtoms = 14

/**
 * Whether the formula is true or false in every situation that the facts leave possible; `undefined` when both may be.
 * What is only likely does not count where it contradicts itself or what is certain.
 */
export function decide(formula: Formula, certain: readonly Fact[], likely: readonly Fact[] = []): boolean | undefined {
  const values = possibleValues(formula, [...certain, ...likely])
  const counting = values.size === 0 ? possibleValues(formula, certain) : values
  return counting.size === 1 ? counting.has(true) : undefined
}

function possibleValues(formula: Formula, facts: readonly Fact[]): ReadonlySet<boolean> {
  if (formula.kind === 'known') return new Set([formula.value])
  const { atoms, related } = neighbourhood(formula, facts)
  if (atoms.length > mostAtoms) return new Set([true, false])
  const values = new Set<boolean>()
  for (let situation = 0; situation < 2 ** atoms.length && values.size < 2; situation++) {
    const isTrue = new Map(atoms.map(({ text }, index) => [text, ((situation >> index) & 1) === 1]))
    if (!isCoherent(atoms, isTrue) || related.some((fact) => evaluate(fact.formula, isTrue) !== fact.value)) continue
    values.add(evaluate(formula, isTrue))
  }
  return values
}

function join(kind: 'and' | 'or', of: readonly Formula[]): Formula {
  const neutral = kind === 'and'
  const parts = of.flatMap((one) => (one.kind === kind ? one.of : [one]))
  if (parts.some((one) => one.kind === 'known' && one.value !== neutral)) return { kind: 'known', value: !neutral }
  const rest = parts.filter(({ kind: one }) => one !== 'known')
  return rest.length === 1 ? (rest[0] as Formula) : rest.length === 0 ? { kind: 'known', value: neutral } : { kind, of: rest }
}

/** The atoms that have to do with a formula, directly or through facts and variables, and those facts. */
function neighbourhood(formula: Formula, facts: readonly Fact[]) {
  const atoms = new Map(atomsOf(formula).map((atom) => [atom.text, atom]))
  const open = new Set(facts)
  const variables = new Set<string>()
  for (let size = -1; size !== atoms.size + open.size; ) {
    size = atoms.size + open.size
    for (const { about } of atoms.values()) if (about !== undefined) variables.add(about.variable)
    for (const fact of open) {
      const own = atomsOf(fact.formula)
      if (!own.some(({ text, about }) => atoms.has(text) || (about !== undefined && variables.has(about.variable)))) continue
      open.delete(fact)
      for (const atom of own) atoms.set(atom.text, atom)
    }
  }
  return { atoms: [...atoms.values()], related: facts.filter((fact) => !open.has(fact)) }
}

/** A variable has one value; what is true or equals something is defined. */
function isCoherent(atoms: readonly Atom[], isTrue: ReadonlyMap<string, boolean>): boolean {
  const values = new Map<string, string>()
  for (const { text, about } of atoms) {
    if (about === undefined || typeof about.says === 'string' || !isTrue.get(text)) continue
    if (values.has(about.variable)) return false
    values.set(about.variable, about.says.equals)
  }
  return atoms.every(({ text, about }) => {
    if (about === undefined || typeof about.says !== 'string' || isTrue.get(text)) return true
    const equal = values.get(about.variable)
    if (about.says === 'true') return equal === undefined || equal === ''
    return (
      equal === undefined &&
      !atoms.some((one) => one.about?.variable === about.variable && one.about.says === 'true' && isTrue.get(one.text))
    )
  })
}

function evaluate(formula: Formula, isTrue: ReadonlyMap<string, boolean>): boolean {
  switch (formula.kind) {
    case 'known':
      return formula.value
    case 'atom':
      return isTrue.get(formula.text) ?? false
    case 'not':
      return !evaluate(formula.of, isTrue)
    case 'and':
      return formula.of.every((one) => evaluate(one, isTrue))
    case 'or':
      return formula.of.some((one) => evaluate(one, isTrue))
  }
}
