/** Amounts are kept in minor units of the practice's currency and typed in major ones. */
function digits(currency: string): number {
  return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

/** `15000` → `150.00`, to be changed by hand. */
export function typedAmount(minor: number, currency: string): string {
  return (minor / 10 ** digits(currency)).toFixed(digits(currency));
}

/** Reads a typed amount, with a point or a comma. */
export function readAmount(typed: string, currency: string): number | undefined {
  const text = typed.trim().replace(",", ".");
  if (!/^\d{1,8}(\.\d*)?$/.test(text)) return undefined;
  const minor = Number(text) * 10 ** digits(currency);
  return Math.abs(minor - Math.round(minor)) < 1e-6 ? Math.round(minor) : undefined;
}

/** `CA$150.00`. */
export function amountInWords(minor: number, currency: string): string {
  return new Intl.NumberFormat(undefined, { style: "currency", currency }).format(minor / 10 ** digits(currency));
}
