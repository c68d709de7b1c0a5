/** The browser's push subscription. */

import type { PushAddress } from "./contract.ts";

export function addressOf(subscription: PushSubscription): PushAddress {
  const { endpoint, keys } = subscription.toJSON();
  return { kind: "web_push", endpoint, keys };
}

/** Gives the one there is, or a new one. One that was made with an earlier key of the server is given up for it. */
export async function subscribe(manager: PushManager, key: string): Promise<PushSubscription> {
  const options = { userVisibleOnly: true, applicationServerKey: key };
  try {
    return await manager.subscribe(options);
  } catch (error) {
    const old = await manager.getSubscription();
    if (!old || !(error instanceof DOMException) || error.name !== "InvalidStateError") throw error;
    await old.unsubscribe();
    return manager.subscribe(options);
  }
}
