import { useState } from "preact/hooks";
import { compared, uncovered } from "../actions/healing.ts";
import { photoAddress, readPhoto } from "../actions/photos.ts";
import { me, online } from "../actions/state.ts";
import type { HealingArea, HealingPhoto } from "../lib/contract.ts";
import { listTiles, listViews, type Tile } from "../lib/healing.ts";
import { navigate } from "../lib/router.ts";
import { th } from "../strings/healing.ts";
import { Choices } from "../ui/choices.tsx";
import { Icon } from "../ui/icons.tsx";
import { Link } from "../ui/page.tsx";
import { useBlobPicture } from "./blob_picture.ts";
import { isCovered } from "./photo_cover.ts";

/** Where a photo's picture comes from: the server, or without a connection this phone's own copy, if it has one. */
export function usePicture(photo: HealingPhoto, size: "full" | "thumb"): string | null {
  const away = !online.value;
  const copy = useBlobPicture(async () => (away ? readPhoto(photo.id) : null), [photo.id, away]);
  return away ? copy : photoAddress(photo.id, size);
}

/** Photos by day, newest first, of one view at a time. */
export function Photos({ area }: { area: HealingArea }) {
  const [chosen, choose] = useState("");
  const views = listViews(area);
  const view = views.find((one) => one.id === chosen) ?? views[0];
  const tiles = view ? listTiles(area, view.id) : [];
  return (
    <section>
      <div class="sec-h">
        <h2>{th.photos}</h2>
        {tiles.length > 0 && <CoverButton />}
        {tiles.filter((tile) => tile.photo).length > 1 && (
          <Link to="/healing/compare" class="linklike">
            {th.compare}
          </Link>
        )}
      </div>
      {!view && <p class="sm muted">{th.noPhotos}</p>}
      {view && !online.value && <p class="sm muted">{th.photosOnline}</p>}
      {views.length > 1 && (
        <Choices
          label={th.view}
          options={views.map((one) => ({ value: one.id, label: one.label }))}
          chosen={view!.id}
          onChoose={choose}
        />
      )}
      {view && <Strip area={area} label={view.label} tiles={tiles} />}
    </section>
  );
}

export function CoverButton() {
  if (!(me.value?.cover_photos ?? true)) return null;
  const covered = isCovered();
  return (
    <button type="button" class="linklike row" onClick={() => (uncovered.value = covered)}>
      <Icon name="covered" small />
      {covered ? th.show : th.cover}
    </button>
  );
}

interface StripProps {
  area: HealingArea;
  label: string;
  tiles: Tile[];
}

function Strip({ area, label, tiles }: StripProps) {
  const covered = isCovered();
  return (
    <ul class={`strip ${covered ? "cov" : ""}`} aria-label={th.photosByDay} tabIndex={0}>
      {tiles.map((tile) => {
        const day = nameTile(tile, area.day);
        return (
          <li key={tile.photo?.id ?? tile.day} class={tile.photo ? "" : "miss"}>
            {tile.photo ? (
              <PhotoTile photo={tile.photo} label={label} day={day} covered={covered} />
            ) : (
              <div class="empty">{th.noCheckIn}</div>
            )}
            <span class="sm muted" aria-hidden={tile.photo !== null}>
              {day}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function nameTile(tile: Tile, today: number): string {
  if (tile.photo?.before) return th.before;
  return tile.day === today ? th.today : th.day(tile.day);
}

interface PhotoTileProps {
  photo: HealingPhoto;
  label: string;
  day: string;
  covered: boolean;
}

/** The first tap uncovers, the next one compares. */
function PhotoTile({ photo, label, day, covered }: PhotoTileProps) {
  const tap = () => {
    if (covered) uncovered.value = true;
    else {
      compared.value = photo.id;
      navigate("/healing/compare");
    }
  };
  const source = usePicture(photo, "thumb");
  const name = covered ? th.covered(label, day) : th.photoOf(label, day);
  return (
    <button type="button" class="photo" aria-label={name} onClick={tap}>
      {source && <img src={source} alt="" width="92" height="112" loading="lazy" />}
    </button>
  );
}
