export { t as knownTables } from "./source-facts2.js";
