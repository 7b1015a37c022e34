import { pageAt } from './pages.ts'

/** A file of a recipe, by its path in the team's repository. */
export interface RecipeFile {
  readonly path: string
  readonly text: string
}

export interface Recipe {
  readonly name: string
  readonly plain: readonly RecipeFile[]
  /** Files that goose needs in another form than `-- +goose Up` above the same text. */
  readonly goose: readonly RecipeFile[]
  /** Statements of the code before and after the change. */
  readonly old: string
  readonly new: string
}

const blocks = pageAt('docs/phases.md').blocks.filter(({ lang }) => lang === 'sql')

/** What is there before any recipe. */
export const before = fileOf(blocks[0]?.text ?? '')

export const recipes: readonly Recipe[] = [...new Set(blocks.slice(1).map(({ section }) => section))].map((name) => {
  const texts = (...metas: string[]) =>
    blocks.slice(1).flatMap((one) => (one.section === name && metas.includes(one.meta) ? [one.text] : []))
  return {
    name,
    plain: texts('').map(fileOf),
    goose: texts('goose').map(fileOf),
    old: texts('old').join('\n'),
    new: texts('new').join('\n'),
  }
})

/** The first line names the file. */
function fileOf(text: string): RecipeFile {
  const path = /^-- (db\/(?:post_)?migrations\/\d{4}_\w+\.sql)\n/.exec(text)?.[1]
  if (path === undefined) throw new Error(`a block without a path: ${text.slice(0, 60)}`)
  return { path, text: text.slice(text.indexOf('\n') + 1) }
}

/** The same in goose's form; a file that needs marks there is written out once on the page, as the model of all others. */
export function gooseFile({ path, text }: RecipeFile, shown: readonly RecipeFile[]): RecipeFile {
  const own = shown.find((one) => one.path === path)
  if (own !== undefined) return own
  const mark = '-- shiplock: no-transaction\n'
  const body = text.replace(mark, '').replace(/^(?:create function|do \$\$)[\s\S]*?^\$\$;\n/gm, (block) => {
    return `-- +goose StatementBegin\n${block}-- +goose StatementEnd\n`
  })
  return { path, text: `${text.startsWith(mark) ? '-- +goose NO TRANSACTION\n' : ''}-- +goose Up\n${body}` }
}
