// Numbers, money and times as people read them, in Home Assistant's language.

export const MICRO = 1_000_000;
export const NANO = 1_000_000_000;
export const PPM = 1_000_000;
export const DASH = "–";

/** A number and its unit, apart so that the unit may be set smaller. */
export interface Quantity {
  value: string;
  unit: string;
}

type Maybe<T> = T | null | undefined;

export class Format {
  private readonly numbers = new Map<string, Intl.NumberFormat>();
  private readonly times: Intl.DateTimeFormat;
  private readonly hours: Intl.DateTimeFormat;
  private readonly days: Intl.DateTimeFormat;
  private readonly calendarDays: Intl.DateTimeFormat;

  constructor(
    private readonly language: string,
    private readonly currency: string,
    timeZone: string | undefined,
    hour12?: boolean,
  ) {
    const hour = hour12 ? "numeric" : "2-digit";
    this.times = new Intl.DateTimeFormat(language, { hour, minute: "2-digit", timeZone, hour12 });
    this.hours = new Intl.DateTimeFormat("en", { hour: "2-digit", hourCycle: "h23", timeZone });
    this.days = new Intl.DateTimeFormat(language, { weekday: "short", timeZone });
    this.calendarDays = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", timeZone });
  }

  number(value: number, digits: number): string {
    return this.formatter(`n${digits}`, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
  }

  /** Watts below 1 kW, kilowatts above; never a sign: words and arrows say the direction. */
  power(watts: Maybe<number>): Quantity {
    if (watts == null) return { value: DASH, unit: "" };
    const size = Math.abs(watts);
    if (size < 1000) return { value: this.number(Math.round(size), 0), unit: "W" };
    return { value: this.number(size / 1000, size < 100_000 ? 1 : 0), unit: "kW" };
  }

  energy(wh: Maybe<number>): Quantity {
    if (wh == null) return { value: DASH, unit: "" };
    const size = Math.abs(wh);
    if (size < 1000) return { value: this.number(Math.round(size), 0), unit: "Wh" };
    return { value: this.number(size / 1000, size < 10_000 ? 2 : 1), unit: "kWh" };
  }

  /** In hundredths where the currency has them: 18.5 ct reads better than 0.185 €. */
  price(micro: Maybe<number>): Quantity {
    if (micro == null) return { value: DASH, unit: "" };
    const minor = MINOR_UNITS[this.currency];
    if (minor) return { value: this.number((micro / MICRO) * 100, 1), unit: `${minor}/kWh` };
    return { value: this.number(micro / MICRO, 3), unit: `${this.currency}/kWh` };
  }

  money(nano: Maybe<number>): string {
    if (nano == null) return DASH;
    // Less than half a cent, of either sign, is plainly nothing.
    const amount = Math.abs(nano) < NANO / 200 ? 0 : nano / NANO;
    return this.formatter("money", { style: "currency", currency: this.currency }).format(amount);
  }

  percent(ppm: Maybe<number>): string {
    if (ppm == null) return DASH;
    const percent = this.formatter("percent", { style: "percent", maximumFractionDigits: 0 });
    // A little is not nothing.
    return ppm > 0 && ppm < PPM / 200 ? `< ${percent.format(0.01)}` : percent.format(ppm / PPM);
  }

  time(instant: number): string {
    return this.times.format(instant);
  }

  /** Hour of the day, 0 to 23, where the home stands. */
  hour(instant: number): number {
    return Number(this.hours.format(instant));
  }

  day(instant: number): string {
    return this.days.format(instant);
  }

  date(instant: number): string {
    return this.calendarDays.format(instant);
  }

  /** "14:05", or "Mon 14:05" where it is not the day of `now`. */
  moment(instant: number, now: number): string {
    const sameDay = this.calendarDays.format(instant) === this.calendarDays.format(now);
    return sameDay ? this.time(instant) : `${this.day(instant)} ${this.time(instant)}`;
  }

  private formatter(key: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
    let found = this.numbers.get(key);
    if (!found) this.numbers.set(key, (found = new Intl.NumberFormat(this.language, options)));
    return found;
  }
}

const MINOR_UNITS: Record<string, string> = {
  EUR: "ct",
  USD: "¢",
  CAD: "¢",
  AUD: "¢",
  NZD: "¢",
  GBP: "p",
  CHF: "Rp.",
  SEK: "öre",
  NOK: "øre",
  DKK: "øre",
  PLN: "gr",
};

export function plain({ value, unit }: Quantity): string {
  return unit ? `${value}\u00a0${unit}` : value;
}
