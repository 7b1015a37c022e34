/** What a team says once, for every workflow. */
export interface Answers {
  /** The action and its commit, with the version as a comment, such as `acme/shiplock@0123… # v0.1.0`. */
  readonly action: string | undefined
  /** The team's deploy command; `{environment}` stands for the name of the environment. */
  readonly deploy: string
  /** A look before the deploy, without any effect. */
  readonly deployCheck: string | undefined
  /** The command that deploys to a part of production first. */
  readonly tier: string | undefined
  /** Path of the settings from the root of the repository, where the action would not find them by itself. */
  readonly config?: string | undefined
  /** What the team's own program needs before it can run in a job. */
  readonly program?: 'ruby' | undefined
}

/** A workflow as a team copies it, in its own words. */
export function fillWorkflow(template: string, answers: Answers): string {
  const jobs = answers.program === undefined ? template : withGems(template)
  const steps = jobs.split(/(?=^ {6}- )/m).flatMap((step) => fillStep(step, answers))
  const filled =
    answers.config === undefined
      ? steps.join('')
      : steps.join('').replace(ours, (step) => `${step}          config: ${JSON.stringify(answers.config)}\n`)
  return answers.action === undefined ? filled : filled.replaceAll(placeholder, () => `uses: ${answers.action}`)
}

/** The application itself migrates, in every job that changes the database by migrations. */
function withGems(template: string): string {
  return template
    .split(/(?=^ {2}[\w-]+:\n)/m)
    .map((job) => (startsProgram.test(job) ? job.replace(checkout, (step) => step + gemSteps) : job))
    .join('')
}

const startsProgram = /^ {12}migrate$|^ {10}command: (?:migrate|rollback)\n(?! {10}dry-run)/m
const checkout = /^ {6}- name: .*\n {8}uses: actions\/checkout@.*\n(?: {8}.*\n)*/m
const gemSteps = `      # bin/rails migrates in this job. Where the runner's own Ruby is not the one of the application, put ruby/setup-ruby, pinned to
      # a commit, before this step. What the application asks for when it starts, such as RAILS_MASTER_KEY, goes into the env of the
      # steps that migrate.
      - name: Install the gems of the application
        run: |
          bundle config set --local without development:test
          bundle install
          echo RAILS_ENV=production >> "$GITHUB_ENV"
`

const placeholder = /uses: OWNER\/shiplock@0{40} # v[\d.]+/g
/** The head of a step of Shiplock, up to its inputs. */
const ours = /^ {8}uses: OWNER\/shiplock@.*\n(?: {8}\w.*\n)*? {8}with:\n/gm
const deployLine = /run: make deploy ANSIBLE_INVENTORY=(\S+) #.*/
const checkLine = /run: make deploy-check ANSIBLE_INVENTORY=(\S+) #.*/

function fillStep(step: string, { deploy, deployCheck, tier }: Answers): string[] {
  if (checkLine.test(step)) {
    return deployCheck === undefined ? [] : [step.replace(checkLine, (_, environment: string) => runOf(deployCheck, environment))]
  }
  if (!deployLine.test(step)) return [step]
  const filled = step.replace(deployLine, (_, environment: string) => runOf(deploy, environment))
  return tier !== undefined && filled.startsWith('      - name: Deploy\n') && step.includes('=production ')
    ? [tierSteps(tier), filled]
    : [filled]
}

/** In the job that was approved, so that nobody is asked twice: a part first, and the rest when the part does well. */
function tierSteps(command: string): string {
  return `      - name: Deploy to a part of production
        ${runOf(command, 'production')}
      - name: Watch that part
        uses: OWNER/shiplock@0000000000000000000000000000000000000000 # v0.1.0
        with:
          command: canary
          environment: production
          duration: 10m
          database-url: \${{ secrets.DATABASE_URL }}
          prometheus-token: \${{ secrets.PROMETHEUS_TOKEN }}
          loki-token: \${{ secrets.LOKI_TOKEN }}
          s3-access-key-id: \${{ secrets.STORE_KEY_ID }}
          s3-secret-access-key: \${{ secrets.STORE_SECRET }}
`
}

/** A line of YAML; the environment may be a variable of the shell, which is in quotes already. */
function runOf(command: string, environment: string): string {
  const text = command.replaceAll('{environment}', () => environment)
  const isPlain = /^[\w./][^#:\\\n]*$/.test(text) && text.trim() === text
  return `run: ${isPlain ? text : JSON.stringify(text)}`
}
