/** How a locale writes numbers: what stands before decimals, and between groups of three. */
export interface NumberLocale {
  readonly decimal: string;
  readonly group: string;
}

/** As glibc has them. */
export const LOCALES: Readonly<Record<string, NumberLocale>> = {
  C: { decimal: '.', group: '' },
  en_US: { decimal: '.', group: ',' },
  de_DE: { decimal: ',', group: '.' },
  fr_FR: { decimal: ',', group: '\u202f' },
  cs_CZ: { decimal: ',', group: '\u00a0' },
  de_CH: { decimal: '.', group: '\u2019' },
  copied: { decimal: ',', group: ' ' },
};

/** `%'.*f` of printf. */
export function perfNumber(value: number, decimals: number, { decimal, group }: NumberLocale): string {
  const [whole, fraction] = value.toFixed(decimals).split('.');
  const grouped = whole!.replace(/\B(?=(?:\d{3})+$)/g, group);
  return fraction === undefined ? grouped : `${grouped}${decimal}${fraction}`;
}
