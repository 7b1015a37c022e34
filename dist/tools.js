export { t as findTools } from "./tools2.js";
