export { t as terminal } from "./start.js";
