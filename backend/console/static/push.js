// Turns this browser's alerts on and off. Asked for only inside a tap; what was allowed before goes on after signing in.
const card = document.querySelector("[data-push-key]");
const said = card?.querySelector("[data-said]");
const [on, off] = ["[data-on]", "[data-off]"].map((name) => card?.querySelector(name));
const able = "serviceWorker" in navigator && "PushManager" in window;

function bytes(base64url) {
  const padded = base64url.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(padded), (letter) => letter.charCodeAt(0));
}

async function turnOn() {
  if ((await Notification.requestPermission()) !== "granted") {
    said.textContent = "Notifications are blocked for this page in your browser's settings.";
    return;
  }
  const worker = await navigator.serviceWorker.register("/console/sw.js", { scope: "/console/" });
  await navigator.serviceWorker.ready.catch(() => undefined);
  const key = bytes(card.dataset.pushKey);
  const subscription =
    (await worker.pushManager.getSubscription()) ??
    (await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }));
  await handOver(subscription);
  show(true);
}

// A new session knows nothing of the subscription that this browser still has: without this, alerts would end silently.
async function handOverAgain() {
  const worker = await navigator.serviceWorker.getRegistration("/console/");
  const subscription = await worker?.pushManager.getSubscription();
  if (!subscription) return;
  await handOver(subscription);
  if (card) show(true);
}

async function handOver(subscription) {
  const { endpoint, keys } = subscription.toJSON();
  const answer = await fetch("/console/push", {
    method: "PUT",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify({ kind: "web_push", endpoint, keys: { p256dh: keys.p256dh, auth: keys.auth } }),
  });
  if (!answer.ok) throw new Error("refused");
}

async function turnOff() {
  await fetch("/console/push", { method: "DELETE", headers: { Accept: "application/json" } });
  const worker = await navigator.serviceWorker.getRegistration("/console/");
  await (await worker?.pushManager.getSubscription())?.unsubscribe();
  show(false);
}

function show(active) {
  said.textContent = active ? "Alerts are on in this browser." : "Alerts are off in this browser.";
  on.hidden = active;
  off.hidden = !active;
}

function attempt(act) {
  act().catch(() => {
    said.textContent = "That did not work. Check your connection and try again.";
  });
}

if (card && !able) said.textContent = "This browser cannot show alerts.";
if (card && able) {
  show(card.dataset.active === "yes");
  on.addEventListener("click", () => attempt(turnOn));
  off.addEventListener("click", () => attempt(turnOff));
}
if (able && "alertsUnsaid" in document.body.dataset && Notification.permission === "granted") {
  handOverAgain().catch(() => undefined); // offline for a moment: the next page tries again
}
