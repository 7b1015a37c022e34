export { n as run } from "./start.js";
