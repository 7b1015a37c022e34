import { Tn as quoteRelation, _n as nameInText } from "./migrations.js";
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
