const { execFileSync } = require('node:child_process')
const { existsSync } = require('node:fs')
const { join } = require('node:path')

const { GITHUB_WORKSPACE: cwd, GITHUB_SHA: commit, TEAM_ORIGIN: origin, INPUT_REF: ref } = process.env
const git = (...args) => execFileSync('git', args, { cwd, encoding: 'utf8' }).trim()

if (!existsSync(join(cwd, '.git'))) {
  git('init', '--quiet')
  git('remote', 'add', 'origin', origin)
}
git('fetch', '--quiet', '--force', '--tags', 'origin', '+refs/heads/*:refs/remotes/origin/*')
git('checkout', '--quiet', '--force', '--detach', ref || commit)
git('clean', '--quiet', '-ffdx')
console.log(`${ref || commit} is checked out`)
