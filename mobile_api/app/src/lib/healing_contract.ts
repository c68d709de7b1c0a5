/** The part of the contract that GET /healing gives. */
import type * as Api from "./api_types.ts";
import type { UsualRow } from "./plan_contract.ts";
import type { Retyped } from "./retyping.ts";

export type HealingSign = Retyped<Api.Sign, { usual: UsualRow[] }>;
export type HealingPhoto = Api.HealingPhoto;
export type AllowedAgain = Api.AllowedAgain;
export type HealingArea = Retyped<Api.HealingArea, { signs: HealingSign[] }>;
export type Healing = Retyped<Api.Healing, { areas: HealingArea[] }>;
