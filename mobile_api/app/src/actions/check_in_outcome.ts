import { getCheckIn } from "../api/endpoints.ts";
import { OfflineError, ProblemError } from "../api/http.ts";
import { getResult, keepResult, type KeptResult } from "../db/results.ts";
import { now } from "../lib/clock.ts";

/** A check-in's outcome: the phone's own until the server's is there. Not asked for before it has been sent. */
export async function loadResult(id: string): Promise<KeptResult | null> {
  const kept = await getResult(id);
  if (kept && (kept.sent_at === null || kept.server?.reviewed)) return kept;
  try {
    const server = await getCheckIn(id);
    const whole: KeptResult = kept
      ? { ...kept, server, sent_at: kept.sent_at ?? now() }
      : {
          id,
          care_plan_id: null,
          day: 0,
          made_at: Date.parse(server.received_at ?? "") || now(),
          level: server.level,
          reasons: [],
          advice: [],
          sent_at: now(),
          server,
        };
    await keepResult(whole);
    return whole;
  } catch (error) {
    if (error instanceof OfflineError || error instanceof ProblemError) return kept;
    throw error;
  }
}
