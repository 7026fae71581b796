export { sparkline } from "../charts/sparkline.js";
export { colours } from "./colours.js";
export { formatTable, type TableOptions } from "./format-table.js";
export { type AnsweredQuestion, formatVerdicts } from "./format-verdicts.js";
export { formatFacts, paragraph, plainTable, TEXT_WIDTH } from "./plain-table.js";
export { printJson } from "./print-json.js";
export { createProgressBar } from "./progress-bar.js";
export { EXIT_CODES, runCommand } from "./run-command.js";
