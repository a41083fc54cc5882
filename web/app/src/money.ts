/** Amounts are whole minor units in the API, and what people write in the practice's currency on the page. */

const digits = (currency: string): number =>
  new Intl.NumberFormat(undefined, { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;

/** `$150.00`, or as the browser's locale writes it. */
export function amountInWords(minor: number, currency: string): string {
  return new Intl.NumberFormat(undefined, { style: "currency", currency }).format(minor / 10 ** digits(currency));
}

/** What stands in a field: `150.00`. */
export function typedAmount(minor: number, currency: string): string {
  return (minor / 10 ** digits(currency)).toFixed(digits(currency));
}

/** Reads what was typed: `150`, `150.5` or `150,50`. Nothing where that is no amount. */
export function readAmount(text: string, currency: string): number | undefined {
  const parts = /^(\d{1,9})(?:[.,](\d+))?$/.exec(text.trim());
  const [places, fraction] = [digits(currency), parts?.[2] ?? ""];
  if (!parts || fraction.length > places) return undefined;
  return Number(parts[1] + fraction.padEnd(places, "0"));
}

/** What to say where it cannot be read. */
export function notAnAmount(currency: string): string {
  return `Write the amount as a number, such as ${typedAmount(15_000, currency)}.`;
}
