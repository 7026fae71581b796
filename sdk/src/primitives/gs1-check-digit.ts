/**
 * The check digit of a GS1 key (GTIN, GLN, SSCC): weights 3 and 1 from the right, up to the next ten.
 *
 * @param digits - the key without its check digit, decimal digits only
 * @returns the check digit
 */
export function gs1CheckDigit(digits: string): string {
  const sum = [...digits].reduceRight(
    (total, digit, index) => total + Number(digit) * ((digits.length - index) % 2 === 1 ? 3 : 1),
    0,
  );
  return String((10 - (sum % 10)) % 10);
}

/**
 * Tells whether a GS1 key consists of digits and ends in its right check digit.
 *
 * @param key - the whole key
 * @returns whether it does
 */
export function hasGs1CheckDigit(key: string): boolean {
  return /^\d{2,}$/.test(key) && gs1CheckDigit(key.slice(0, -1)) === key.at(-1);
}
