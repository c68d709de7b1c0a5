import { keep } from "../db/kept.ts";
import { now, setServerNow } from "../lib/clock.ts";
import type { Me } from "../lib/contract.ts";
import { me, minute, session } from "./state.ts";

/** Takes the server's word on who this is, and its time. */
export async function setMe(answer: Me): Promise<void> {
  await keep("clock", setServerNow(answer.now, answer.rate ?? 1));
  minute.value = now();
  me.value = answer;
  session.value = "in";
  await keep("me", answer);
}
