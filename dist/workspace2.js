export { t as makeWorkspace } from "./workspace.js";
