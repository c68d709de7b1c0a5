/** The browser's side of the hand-over: a code for the app that is about to be put on the Home Screen. */

import { signal } from "@preact/signals";
import { makeHandOver } from "../api/endpoints.ts";
import { OfflineError, ProblemError } from "../api/http.ts";
import { now } from "../lib/clock.ts";
import type { HandOver } from "../lib/contract.ts";

const PLAIN_MANIFEST = "/manifest.webmanifest";
const OWN_MANIFEST = "/api/v1/hand-overs/manifest";
/** A code that ends sooner than this is not put into a new app any more. */
const LEAST_LEFT_MS = 5 * 60_000;

/** The open code that this browser shows and installs the app with. */
export const handOver = signal<HandOver | null>(null);
let asking = false;

/** Asks for a code where there is none that lasts, and has the browser install the app with it. */
export async function offerHandOver(): Promise<void> {
  const left = handOver.value ? Date.parse(handOver.value.expires_at) - now() : 0;
  if (asking || left > LEAST_LEFT_MS) return;
  asking = true;
  try {
    handOver.value = await makeHandOver();
    linkManifest(OWN_MANIFEST);
  } catch (error) {
    if (!(error instanceof OfflineError || error instanceof ProblemError)) throw error;
    endHandOver();
  } finally {
    asking = false;
  }
}

/** Away from the page: what is installed from elsewhere carries no code. */
export function endHandOver(): void {
  handOver.value = null;
  linkManifest(PLAIN_MANIFEST);
}

function linkManifest(href: string): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="manifest"]');
  if (!link) return;
  link.crossOrigin = "use-credentials";
  link.href = href;
}
