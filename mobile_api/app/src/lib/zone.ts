/** A phone that travels: reminders follow it, and the person is asked once whether that is right. */

/** What was said about a time zone that this phone came to. It counts while the phone is there. */
export interface ZoneChoice {
  phone: string;
  home: string;
  answer: "asked" | "follow" | "keep";
}

/** The choice that counts where the phone is now. */
export function choiceFor(known: ZoneChoice | null, phone: string): ZoneChoice | null {
  return known?.phone === phone ? known : null;
}

/** The zone that reminders should keep to. */
export function wantedZone(known: ZoneChoice | null, phone: string): string {
  const choice = choiceFor(known, phone);
  return choice?.answer === "keep" ? choice.home : phone;
}

/** "Buenos Aires" of `America/Argentina/Buenos_Aires`. */
export function cityOf(zone: string): string {
  return (zone.split("/").at(-1) ?? zone).replaceAll("_", " ");
}
