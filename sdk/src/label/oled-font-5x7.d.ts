declare module "oled-font-5x7" {
  const font: {
    readonly width: number;
    readonly height: number;
    /** Columns of each glyph, the lowest bit on top. */
    readonly fontData: readonly number[];
    /** Characters, in the order of their glyphs. */
    readonly lookup: readonly string[];
  };
  export default font;
}
