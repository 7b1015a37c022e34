export { t as layouts } from "./layouts.js";
