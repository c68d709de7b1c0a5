// Node's firebase-admin `sendEach` and web-push, the send alone: `node send.mjs KIND CONFIG`, then one pass a line.
import { createECDH, randomBytes } from "node:crypto";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const [kind, written] = process.argv.slice(2);
const config = JSON.parse(written);
// A token as the double gives them, without the exchange.
const CREDENTIAL = { getAccessToken: async () => ({ access_token: "access-0", expires_in: 3600 }) };

async function makeFirebase() {
  // The library's host is a constant, and it says ":scheme" as "https:", which Google's servers take and Node's refuse:
  // its HTTP/2 client is pointed to the double and says "https".
  const http2 = createRequire(import.meta.url)("node:http2");
  const connect = http2.connect;
  http2.connect = (_url, ...rest) => {
    const session = connect(config.fcm_url, ...rest);
    const request = session.request.bind(session);
    session.request = (headers, ...options) => request({ ...headers, ":scheme": "https" }, ...options);
    return session;
  };
  const { initializeApp } = await import("firebase-admin/app");
  const { getMessaging } = await import("firebase-admin/messaging");
  const messaging = getMessaging(initializeApp({ credential: CREDENTIAL, projectId: "bench" }));
  const build = (number) => ({
    token: String(number).padStart(32, "0").repeat(5),
    notification: { title: "Fallow", body: "Time for today’s check-in" },
    data: { v: "1", id: String(number).padStart(32, "0"), t: "3" },
    android: { collapseKey: "c", priority: "normal", ttl: 86400000, notification: { tag: "c" } },
    apns: { headers: { "apns-collapse-id": "c", "apns-priority": "5", "apns-expiration": "1795885768" }, payload: { aps: {} } },
    webpush: { headers: { TTL: "86400", Topic: "c", Urgency: "normal" }, notification: { tag: "c" } },
  });
  return async (count) => {
    let handled = 0;
    while (handled < count) {
      const size = Math.min(500, count - handled);
      const done = await messaging.sendEach(Array.from({ length: size }, (_, place) => build(handled + place)));
      if (done.failureCount) throw done.responses.find((each) => !each.success).error;
      handled += done.successCount;
    }
    return handled;
  };
}

async function makeWebPush() {
  const { default: webPush } = await import("web-push");
  const keys = webPush.generateVAPIDKeys();
  webPush.setVapidDetails("mailto:bench@clinic.example", keys.publicKey, keys.privateKey);
  const phone = createECDH("prime256v1");
  const p256dh = phone.generateKeys().toString("base64url");
  const auth = randomBytes(16).toString("base64url");
  return async (count) => {
    for (let sent = 0; sent < count; sent += 1) {
      const endpoint = `${config.origins[sent % config.origins.length]}/push/${sent}`;
      await webPush.sendNotification({ endpoint, keys: { p256dh, auth } }, config.payload, { TTL: 60 });
    }
    return count;
  };
}

const run = await (kind === "firebase" ? makeFirebase() : makeWebPush());
console.log('{"ready": true}');
for await (const line of createInterface({ input: process.stdin })) {
  const cpu = process.cpuUsage();
  const began = performance.now();
  const count = await run(JSON.parse(line).count);
  const ended = performance.now();
  const spent = process.cpuUsage(cpu);
  const cpu_s = (spent.user + spent.system) / 1e6;
  console.log(JSON.stringify({ count, began: began / 1e3, ended: ended / 1e3, cpu_s }));
}
process.exit(0);
