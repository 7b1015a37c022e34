import dns from 'node:dns'

// The names of the test's gateway are this machine, in whatever process loads this file.

const { lookup } = dns
dns.lookup = (host, ...rest) => lookup(/^(?:.+\.)?spaces\.test$/.test(host) ? '127.0.0.1' : host, ...rest)
