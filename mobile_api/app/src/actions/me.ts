import { keep } from "../db/kept.ts";
import { now, setServerNow } from "../lib/clock.ts";
import type { Me } from "../lib/contract.ts";
import { orSayFull } from "./room.ts";
import { me, minute, session } from "./state.ts";

/** Takes the server's word on who this is, and its time. */
export async function setMe(answer: Me): Promise<void> {
  const clock = setServerNow(answer.now, answer.rate ?? 1);
  minute.value = now();
  me.value = answer;
  session.value = "in";
  await orSayFull(() => Promise.all([keep("clock", clock), keep("me", answer)]));
}
