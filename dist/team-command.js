import { ft as startChild } from "./start.js";
import { setTimeout } from "node:timers/promises";
// src/adapters/team-command.ts
const keptLines = 20;
const keptLength = 65536;
/** A line that does not end is handed over in pieces. */
const longestLine = 16384;
/** Programs that the command leaves running may hold its streams for ever. */
const drainMs = 2500;
/** Runs the team's own command, never through a shell, and hands over its output line by line as it comes. */
async function runTeamProgram([program = "", ...args], { onLine, ...options }) {
	const child = startChild(program, args, options);
	const lastLines = [];
	let firstLine;
	const take = (line) => {
		onLine(line);
		lastLines.push(line);
		while (lastLines.length > keptLines || lastLines.join("").length > keptLength) lastLines.shift();
	};
	const takeOutput = (line) => {
		firstLine ??= line;
		take(line);
	};
	const streams = [child.stdout, child.errors];
	const flushes = [splitLines(child.stdout, takeOutput), splitLines(child.errors, take)];
	const giveUp = new AbortController();
	const drained = child.exited.then(() => setTimeout(drainMs, void 0, { signal: giveUp.signal })).then(() => child.exited);
	drained.catch(() => {});
	const ended = await Promise.race([child.ended, drained]);
	giveUp.abort();
	for (const stream of streams) stream.destroy();
	for (const flush of flushes) flush();
	return {
		...ended,
		lastLines,
		firstLine
	};
}
/** Returns what hands over the last line, which need not have an end. */
function splitLines(stream, take) {
	let rest = "";
	const handOver = (text) => {
		const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
		rest = lines.pop() ?? "";
		for (const line of lines) take(line);
		for (; rest.length > longestLine; rest = rest.slice(longestLine)) take(rest.slice(0, longestLine));
	};
	stream.setEncoding("utf8").on("data", handOver).on("error", () => {});
	return () => {
		if (rest !== "") take(rest);
		rest = "";
	};
}
export { runTeamProgram };
