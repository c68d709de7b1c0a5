import { useEffect, useState } from "preact/hooks";
import type { TakenPhoto } from "../actions/photos.ts";
import { cameraWords as words } from "../strings/camera.ts";
import { checkInWords } from "../strings/check_in.ts";
import { Button } from "../ui/page.tsx";

interface ReviewProps {
  taken: TakenPhoto;
  label: string;
  onKeep: () => void;
  onAgain: () => void;
}

/** The photo with what may be wrong with it. It is kept already: the hint is no verdict. */
export function PhotoReview({ taken, label, onKeep, onAgain }: ReviewProps) {
  const source = usePicture(taken);
  return (
    <section class="col g4 review">
      {source && <img src={source} alt={checkInWords.checkIn.photoAlt(label)} />}
      <p role="alert" class="b">
        {taken.hint && words.hint[taken.hint]}
      </p>
      <Button onClick={onAgain}>{words.again}</Button>
      <Button class="sec" onClick={onKeep}>
        {words.useAnyway}
      </Button>
    </section>
  );
}

function usePicture({ copy }: TakenPhoto): string | null {
  const [source, setSource] = useState<string | null>(null);
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([copy.bytes], { type: copy.type }));
    setSource(made);
    return () => URL.revokeObjectURL(made);
  }, [copy]);
  return source;
}
