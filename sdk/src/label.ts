export { type LabelPngOptions, labelPng } from "./label/label-png.js";
export { type LabelSvgOptions, labelSvg } from "./label/label-svg.js";
export { readLabel } from "./label/read-label.js";
