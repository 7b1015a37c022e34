import { expect, test } from 'vitest'
import { Redactor, secretForms } from '../src/redact.ts'

function redactorOf(url: string): Redactor {
  const redactor = new Redactor()
  for (const form of secretForms(url)) redactor.add(form)
  return redactor
}

test.each(['p%w@rd', 'sl/ash', 'ünïcode', 'dol$lar', 'quo"te\'', 'back\\slash'])('removes the password %s in every form', (password) => {
  const encoded = encodeURIComponent(password)
  const url = `postgres://user:${encoded}@h/d`
  const text = [url, password, encoded, JSON.stringify(password), Buffer.from(`user:${password}`).toString('base64')].join('\n')
  const clean = redactorOf(url).redact(text)
  expect(clean).not.toContain(password)
  expect(clean).not.toContain(encoded)
  expect(clean).not.toContain(Buffer.from(`user:${password}`).toString('base64'))
})

test('removes the password of a string that cannot be parsed', () => {
  expect(redactorOf('postgres://a:s3cret@[x/db').redact('was s3cret')).toBe('was ***')
})

test('leaves a short password alone, and a URL without one', () => {
  expect(redactorOf('postgres://user:abc@h/d').redact('abc def')).toBe('abc def')
  expect(redactorOf('postgres://user@h/d').redact('postgres://user@h/d')).toBe('postgres://user@h/d')
})

test('leaves nothing of a secret that holds another', () => {
  const redactor = new Redactor()
  redactor.add('secret')
  redactor.add('secret-tail')
  expect(redactor.redact('secret-tail')).toBe('***')
})
