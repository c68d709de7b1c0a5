/** What a full phone could not keep: in memory while the app is open. */

import type { OutboxItem } from "../lib/flush.ts";
import type { KeptResult } from "./database.ts";

export const heldItems = new Map<string, OutboxItem>();
export const heldResults = new Map<string, KeptResult>();
