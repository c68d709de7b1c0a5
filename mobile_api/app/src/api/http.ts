/** One request to /api/v1. The session is a cookie that scripts cannot read; nothing here knows a token. */

import type { Problem } from "../lib/contract.ts";

export class OfflineError extends Error {}

export class ProblemError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.title);
    this.problem = problem;
  }
}

export interface Answer<T> {
  status: number;
  body: T;
  etag: string | null;
}

interface RequestOptions {
  body?: unknown;
  bytes?: ArrayBuffer;
  type?: string;
  etag?: string | null;
}

const BASE = "/api/v1";
const PATIENCE_MS = 20_000;
const PHOTO_PATIENCE_MS = 120_000;
let askedIn = "en";

/** In which language the server's sentences are to be. */
export function askIn(language: string): void {
  askedIn = language;
}

/** Any answer, whatever its status. Rejects with OfflineError when none came. */
export async function request<T>(
  method: string,
  path: string,
  options: RequestOptions = {},
): Promise<Answer<T>> {
  const first = await once<T>(method, path, options);
  if (first.status !== 401 || path.startsWith("/session") || path.startsWith("/enrolments")) return first;
  const refreshed = await once("POST", "/session/refresh", {});
  return refreshed.status < 300 ? once<T>(method, path, options) : first;
}

/** The body of a good answer. Rejects with ProblemError for any other. */
export async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const answer = await request<T>(method, path, body === undefined ? {} : { body });
  if (answer.status >= 300) throw new ProblemError(answer.body as unknown as Problem);
  return answer.body;
}

async function once<T>(method: string, path: string, options: RequestOptions): Promise<Answer<T>> {
  const headers = new Headers({ Accept: "application/json", "Accept-Language": askedIn });
  if (options.body !== undefined) headers.set("Content-Type", "application/json");
  if (options.type) headers.set("Content-Type", options.type);
  if (options.etag) headers.set("If-None-Match", options.etag);
  let response: Response;
  try {
    response = await fetch(BASE + path, {
      method,
      headers,
      body: options.bytes ?? (options.body === undefined ? null : JSON.stringify(options.body)),
      credentials: "same-origin",
      cache: "no-store",
      signal: AbortSignal.timeout(options.bytes ? PHOTO_PATIENCE_MS : PATIENCE_MS),
    });
  } catch {
    throw new OfflineError();
  }
  return { status: response.status, body: await readBody<T>(response), etag: response.headers.get("ETag") };
}

async function readBody<T>(response: Response): Promise<T> {
  try {
    const text = await response.text();
    return (text ? JSON.parse(text) : null) as T;
  } catch {
    // A proxy's HTML page, or a connection that broke off: no answer of ours.
    if (response.ok) throw new OfflineError();
    return { title: response.statusText, status: response.status } as T;
  }
}
