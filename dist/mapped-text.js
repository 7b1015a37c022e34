import { t as positionFromUtf16 } from "./position.js";
// src/sql/mapped-text.ts
/**
* Text that was cut from a file, put together from several cuts, or wrapped in words of our own, and that still
* knows where each character stood. Offsets count UTF-16 units.
*/
var MappedText = class MappedText {
	text;
	#pieces;
	constructor(text, pieces) {
		this.text = text;
		this.#pieces = pieces;
	}
	/** A part of a file, the whole of it when no bounds are given. */
	static ofFile(file, start = 0, end = file.length) {
		return new MappedText(file.slice(start, end), [{
			start: 0,
			length: end - start,
			fileOffset: start
		}]);
	}
	/** Text that stands in no file. When a file offset is given, every character points there. */
	static generated(text, fileOffset) {
		return new MappedText(text, fileOffset === void 0 ? [] : [{
			start: 0,
			length: 0,
			fileOffset
		}]);
	}
	static join(...parts) {
		let text = "";
		const pieces = [];
		for (const part of parts) {
			for (const piece of part.#pieces) pieces.push({
				...piece,
				start: piece.start + text.length
			});
			text += part.text;
		}
		return new MappedText(text, pieces);
	}
	slice(start, end = this.text.length) {
		const pieces = this.#pieces.flatMap((piece) => {
			const from = Math.max(piece.start, start);
			const to = Math.min(piece.start + piece.length, end);
			return (piece.length === 0 ? piece.start >= start && piece.start < end : from < to) ? [{
				start: from - start,
				length: Math.max(0, to - from),
				fileOffset: piece.fileOffset + (from - piece.start)
			}] : [];
		});
		return new MappedText(this.text.slice(start, end), pieces);
	}
	/** The same text with its places told in the file of `outer`, when it was itself cut from that text. */
	through(outer) {
		const parts = [];
		let end = 0;
		for (const { start, length, fileOffset } of this.#pieces) {
			parts.push(MappedText.generated(this.text.slice(end, start)));
			parts.push(length === 0 ? MappedText.generated("", outer.fileOffset(fileOffset)) : outer.slice(fileOffset, fileOffset + length));
			end = start + length;
		}
		return MappedText.join(...parts, MappedText.generated(this.text.slice(end)));
	}
	/** Where a character stood in the file; `undefined` for words of our own. */
	fileOffset(offset) {
		let nearest;
		for (const piece of this.#pieces) if (piece.start <= offset) nearest = piece;
		if (nearest === void 0) return void 0;
		const distance = offset - nearest.start;
		if (nearest.length === 0) return nearest.fileOffset;
		return distance <= nearest.length ? nearest.fileOffset + distance : void 0;
	}
	/** The position in the file of a character here; the file's text must be the one this was cut from. */
	filePosition(file, offset) {
		const at = this.fileOffset(offset);
		return at === void 0 ? void 0 : positionFromUtf16(file, at);
	}
};
export { MappedText as t };
