import type { Rule } from '../rule.ts'
import requireConcurrentIndexCreation from './require-concurrent-index-creation.ts'

/** Every rule, by name. */
export const rules: readonly Rule[] = [requireConcurrentIndexCreation]
