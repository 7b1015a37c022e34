/** Names as a table, a file, a branch or a metric may have them. */
export const hostileNames = [
  'orders|admin', 'a | b | c', '\\|', '\\', 'ends with \\', '\\\\|\\', '|', '`', '``', '`code`', 'a``b`c', '` | `', '`|`\\|`',
  '<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '<!-- hidden', '</td></table>', '<details open>', '&lt;b&gt; &amp; &copy; &#64;mona', '<https://evil.example>', '<a@b.example>',
  '[click](https://evil.example)', '![image](https://evil.example/x.png)', '[a][b]', '[^1]', '[ ] todo', '[x]: https://evil.example',
  '@mona', 'cc @acme/owners, @mona', 'jane@example.org', 'mailto:jane@example.org', '#1', 'fixes #42', 'acme/shop#7', 'GH-12', 'acme/shop@5c1e0aabbccddeeff00112233445566778899001',
  'https://evil.example/x', 'HTTP://EVIL.example', 'www.evil.example', 'WWW.evil.example', 'ftp://evil.example', 'xmpp:a@b.example',
  '**bold**', '__bold__', '_em_', '*em*', '~~gone~~', '~gone~', '***', '---', '===', '# heading', '## h', '- item', '+ item', '1. item', '1) item', '> quote', '    code', '\tcode', '```\nfence', '~~~', '| --- | --- |', ':--', '$x$', '$$x$$', ':tada: :+1:',
  'two\nlines', 'two\r\n\r\nparagraphs', 'a\u2028b\u0085c', 'bidi \u202egnp.exe', 'zero\u200bwidth', 'nul \0 esc \u001b[31m', '\ud800 lone', 'großer Name 數量 😀', ' padded ', '', '   ', '__proto__',
  'orders"; drop table orders; --', "'); alert(1)//", '{{ 7*7 }} ${{ secrets.X }}', 'a'.repeat(300),
]
