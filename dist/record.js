export { t as keepResult } from "./record2.js";
