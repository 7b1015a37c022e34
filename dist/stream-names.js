import { ft as startChild, pn as systemCode, un as ReleaseError } from "./start.js";
import { createReadStream } from "node:fs";
// src/adapters/stream-names.ts
/** Hands over a file that may hold values; no part of it is kept. */
async function streamFile(path, shown, take) {
	try {
		for await (const chunk of createReadStream(path)) take(chunk);
	} catch (cause) {
		if (systemCode(cause) === void 0) throw cause;
		throw new ReleaseError("unreadable-file", `${shown} cannot be read (${systemCode(cause)}).`, {
			hint: "config-have names files on this machine; for another one name a command that prints the names: config-have-command.",
			cause
		});
	}
}
/** Hands over what a program prints on standard output. What it says on standard error may hold values, and is dropped. */
async function streamProgram([program = "", ...args], options, take) {
	const child = startChild(program, args, options);
	child.stdout.on("data", take);
	return child.ended;
}
export { streamFile, streamProgram };
