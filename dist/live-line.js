// src/live-line.ts
/** A kept log gets no more than one line in this time. */
const intervalMs = 1e4;
const barWidth = 20;
/** Shows the newest line only: replaced in place on a terminal, now and then in a log. */
var LiveLine = class {
	#screen;
	#shown = false;
	#last = Number.NEGATIVE_INFINITY;
	constructor(screen) {
		this.#screen = screen;
	}
	show({ text, share }) {
		const columns = this.#screen.columns();
		const percent = share === void 0 ? "" : `${Math.floor(Math.min(1, Math.max(0, share)) * 100)} %`;
		if (columns === void 0) {
			if (this.#screen.now() - this.#last < intervalMs) return;
			this.#last = this.#screen.now();
			this.#screen.write(`${text}${percent === "" ? "" : `, ${percent}`}\n`);
			return;
		}
		const bar = share === void 0 ? "" : `${barOf(share)} ${percent} `;
		this.#screen.write(`\r\u001b[2K${`${bar}${text}`.slice(0, columns - 1)}`);
		this.#shown = true;
	}
	/** Makes room for a line that is kept. */
	clear() {
		if (!this.#shown) return;
		this.#screen.write("\r\x1B[2K");
		this.#shown = false;
	}
};
function barOf(share) {
	const done = Math.round(Math.min(1, Math.max(0, share)) * barWidth);
	return `[${"#".repeat(done)}${"-".repeat(barWidth - done)}]`;
}
export { LiveLine as t };
