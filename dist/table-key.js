import { a as quoteRelation } from "./ledger.js";
import { r as nameInText } from "./names.js";
// src/backup/table-key.ts
/**
* What two spellings of one table's name have in common: programs of different versions know different keywords, and
* quote different names. PostgreSQL's comments show a line break in a name as a space, and so does this.
*/
function tableKey(name) {
	return quoteRelation(nameInText(name) ?? {
		schema: void 0,
		name
	}).replaceAll(/[\r\n]/g, " ");
}
export { tableKey as t };
