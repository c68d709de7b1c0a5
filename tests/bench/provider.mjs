// A quick double of Google's OAuth and FCM servers and of push services, over TLS, for benches: `node provider.mjs KEY
// CERTIFICATE ORIGINS`. HTTP/2 where the client speaks it, HTTP/1.1 otherwise. It prints {"ports": [...]} once it
// listens on ORIGINS ports, says what it took at GET /seen, and ends with its standard input.
import { readFileSync } from "node:fs";
import { createSecureServer } from "node:http2";

const [keyFile, certificateFile, origins] = process.argv.slice(2);
const tls = { key: readFileSync(keyFile), cert: readFileSync(certificateFile), allowHTTP1: true };
const seen = { messages: 0, pushes: 0, refused: 0, h2: 0 };
let tokens = 0;

/** Status, headers, body. Messages need a bearer token that was given out and an address, pushes their headers. */
function answer(path, headers, body) {
  if (path.endsWith("/messages:send")) {
    if (!headers.authorization?.startsWith("Bearer access-")) return refuse(401);
    const { message } = JSON.parse(body);
    if (!(message.token || message.fid)) return refuse(400);
    seen.messages += 1;
    return [200, { "content-type": "application/json" }, `{"name":"projects/bench/messages/${seen.messages}"}`];
  }
  if (path.startsWith("/push/")) {
    const complete = headers.authorization?.includes("vapid") || headers.authorization?.startsWith("WebPush");
    if (!complete || headers["content-encoding"] !== "aes128gcm" || !headers.ttl || body.length < 104) return refuse(400);
    seen.pushes += 1;
    return [201, { location: `/m/${seen.pushes}` }, ""];
  }
  if (path === "/token") {
    tokens += 1;
    const given = { access_token: `access-${tokens}`, expires_in: 3600, token_type: "Bearer" };
    return [200, { "content-type": "application/json" }, JSON.stringify(given)];
  }
  return path === "/seen" ? [200, {}, JSON.stringify(seen)] : refuse(404);
}

function refuse(status) {
  seen.refused += 1;
  return [status, {}, ""];
}

/** Collects the body and calls back with it. */
function read(from, then) {
  const parts = [];
  from.on("data", (part) => parts.push(part));
  from.on("end", () => then(parts.length === 1 ? parts[0] : Buffer.concat(parts)));
  from.on("error", () => {});
}

function serveStream(stream, headers) {
  read(stream, (body) => {
    seen.h2 += 1;
    const [status, named, text] = answer(headers[":path"], headers, body);
    stream.respond({ ":status": status, ...named });
    stream.end(text);
  });
}

function serveRequest(request, response) {
  read(request, (body) => {
    const [status, named, text] = answer(request.url, request.headers, body);
    response.writeHead(status, { "content-length": Buffer.byteLength(text), ...named });
    response.end(text);
  });
}

const ports = [];
for (let number = 0; number < Number(origins); number += 1) {
  const server = createSecureServer(tls);
  server.on("request", serveRequest);
  server.removeAllListeners("stream"); // what Node adds to give HTTP/2 the form of HTTP/1.1, at twice the price
  server.on("stream", serveStream);
  server.keepAliveTimeout = 600_000;
  server.listen(0, "127.0.0.1", 2048, () => {
    ports.push(server.address().port);
    if (ports.length === Number(origins)) console.log(JSON.stringify({ ports }));
  });
}
process.stdin.on("end", () => process.exit(0)).resume();
