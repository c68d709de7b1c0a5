/** Photos that the server has, as they are shown. */

const PATIENCE_MS = 30_000;

/** Null where it cannot be had just now: no connection, signed out, or gone. */
export async function getServerPhoto(id: string, size: "full" | "thumb"): Promise<Blob | null> {
  try {
    const answer = await fetch(photoAddress(id, size), {
      credentials: "same-origin",
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return answer.ok ? await answer.blob() : null;
  } catch {
    return null;
  }
}

export const photoAddress = (id: string, size: "full" | "thumb") =>
  `/api/v1/photos/${encodeURIComponent(id)}?size=${size}`;
