export { t as StoredState } from "./stored-state.js";
