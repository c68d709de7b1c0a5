/** The thread between client and clinic, as /api/v1/messages has it. */
import type * as Api from "./api_types.ts";

export type PlanChange = NonNullable<Api.Line["what"]>;
type Always<K extends keyof Api.Line> = Required<Pick<Api.Line, K>>;
type Either = Always<"id" | "by" | "at">;
/**
 * `by`: first name of who wrote it, null for the client. `check_in`: the one that it answers. `photos`: those that the
 * server has; a thread that an earlier version of the app kept knows of none.
 */
export type MessageLine = { kind: "message" } & Either &
  Always<"words" | "received_at" | "seen_at" | "check_in"> &
  Pick<Api.Line, "photos">;
/** A change of a plan that the clinic made; `steps`: ids of the care steps that moved. */
export type ChangeLine = { kind: "plan_changed" } & Either & Always<"what" | "care_plan_id" | "steps">;
/** Oldest first. */
export type Thread = Omit<Api.Thread, "items"> & { items: (MessageLine | ChangeLine)[] };
export type MessageBody = Api.Message;
