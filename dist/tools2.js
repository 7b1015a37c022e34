export { t as findTools } from "./tools.js";
