import { useEffect, useState } from "preact/hooks";

/** What `read` gives, as an address to show it by; null until it is there, and where there is none. */
export function useBlobPicture(read: () => Promise<Blob | null>, given: unknown[]): string | null {
  const [source, setSource] = useState<string | null>(null);
  useEffect(() => {
    let [made, left]: [string | null, boolean] = [null, false];
    void read().then((blob) => {
      if (left || !blob) return;
      made = URL.createObjectURL(blob);
      setSource(made);
    });
    return () => {
      left = true;
      setSource(null);
      if (made) URL.revokeObjectURL(made);
    };
  }, given);
  return source;
}
