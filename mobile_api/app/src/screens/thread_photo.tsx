import { uncovered } from "../actions/healing.ts";
import { messagePhoto, removePhoto } from "../actions/message_photo.ts";
import { photoAddress, readPhoto } from "../actions/photos.ts";
import { me, online } from "../actions/state.ts";
import { photoWords as words } from "../strings/message_photo.ts";
import { Icon } from "../ui/icons.tsx";
import { Link } from "../ui/page.tsx";
import { useBlobPicture } from "./blob_picture.ts";
import { isCovered } from "./photo_cover.ts";

/** A photo of one's own message: this phone's copy while it has one, else the server's. A tap uncovers it. */
export function ThreadPhoto({ id }: { id: string }) {
  const covered = isCovered();
  const own = useBlobPicture(() => readPhoto(id), [id]);
  const source = own ?? (online.value ? photoAddress(id, covered ? "thumb" : "full") : null);
  const picture = source && <img src={source} alt="" loading="lazy" />;
  if (!(me.value?.cover_photos ?? true)) {
    return (
      <div class="sent-photo" role="img" aria-label={words.own}>
        {picture}
      </div>
    );
  }
  return (
    <button
      type="button"
      class={`sent-photo ${covered ? "cov" : ""}`}
      aria-label={covered ? words.covered : words.own}
      onClick={() => (uncovered.value = covered)}
    >
      {picture}
      {covered && <Icon name="covered" />}
    </button>
  );
}

/** The photo that goes with the message that is being written. */
export function AttachedPhoto() {
  const id = messagePhoto.value;
  const source = useBlobPicture(async () => (id ? readPhoto(id) : null), [id]);
  if (!id) return null;
  return (
    <div class="attached row">
      {source && <img src={source} alt="" />}
      <span class="grow sm b" role="status">
        {words.attached}
      </span>
      <button type="button" class="icon-btn" aria-label={words.remove} onClick={() => void removePhoto()}>
        <Icon name="cross" />
      </button>
    </div>
  );
}

export function PhotoLink() {
  return (
    <Link to="/messages/photo" class="icon-btn" label={words.add}>
      <Icon name="camera" />
    </Link>
  );
}
