#!/usr/bin/env node
import { t as version } from "./version.js";
// src/cli.ts
const [first] = process.argv.slice(2);
if (first === "--version" || first === "-V") process.stdout.write(`${version}\n`);
else {
	const { terminal } = await import("./terminal3.js");
	process.exitCode = await terminal(process);
}
export {};
