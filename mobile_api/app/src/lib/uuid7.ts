import { now } from "./clock.ts";

let last = 0;

/** A UUIDv7 (RFC 9562): 48 bits of milliseconds, then random bits. Two made on one phone never sort against their order. */
export function uuid7(): string {
  last = Math.max(Math.floor(now()), last + 1);
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let rest = last;
  for (let i = 5; i >= 0; i--) {
    bytes[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** When an id was made, in milliseconds since 1970. */
export function madeAt(id: string): number {
  return Number.parseInt(id.replace("-", "").slice(0, 12), 16);
}
