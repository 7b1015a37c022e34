export { n as bootRefusal } from "./boot-files2.js";
