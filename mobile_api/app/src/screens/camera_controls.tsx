import { ghostStrength, selfTimerOn, voiceOn } from "../actions/camera.ts";
import { hasVoice, hush, say } from "../actions/voice.ts";
import { SELF_TIMER_S } from "../lib/self_timer.ts";
import { cameraWords as words } from "../strings/camera.ts";
import { checkInWords } from "../strings/check_in.ts";
import { language } from "../strings/index.ts";
import { Icon, type IconName } from "../ui/icons.tsx";
import type { Shot } from "./camera_shot.ts";

interface ControlsProps {
  shot: Shot;
  ready: boolean;
  hasGhost: boolean;
}

/** Under the live picture, for one thumb. */
export function CameraControls({ shot, ready, hasGhost }: ControlsProps) {
  const counting = shot.step.is === "counting";
  return (
    <>
      {hasGhost && <GhostStrength />}
      <div class="row sp controls">
        {hasVoice() ? <VoiceButton shot={shot} /> : <span class="cambtn none" />}
        <button
          type="button"
          class={`shutter ${counting ? "stop" : ""}`}
          aria-label={counting ? words.stop : checkInWords.checkIn.take}
          disabled={!ready || shot.step.is === "working"}
          onClick={() => (counting ? shot.stop() : void shot.shoot())}
        />
        <Toggle
          icon="clock"
          text={words.timer(SELF_TIMER_S)}
          on={selfTimerOn.value}
          onTap={() => (selfTimerOn.value = !selfTimerOn.value)}
        />
      </div>
      <p class="foot">
        {words.notInGallery}{" "}
        {shot.skip && (
          <button type="button" class="linklike" onClick={() => void shot.skip?.()}>
            {checkInWords.checkIn.skip}
          </button>
        )}
      </p>
    </>
  );
}

function GhostStrength() {
  return (
    <label class="row strength">
      <span class="sm">{words.lastPhoto}</span>
      <input
        type="range"
        min="0"
        max="100"
        value={ghostStrength.value}
        onInput={(event) => (ghostStrength.value = Number(event.currentTarget.value))}
      />
    </label>
  );
}

/** Speaks on this tap: some phones let an app speak only after one. */
function VoiceButton({ shot }: { shot: Shot }) {
  const tap = () => {
    voiceOn.value = !voiceOn.value;
    if (voiceOn.value) say(shot.news || words.voiceOn, language);
    else hush();
  };
  return <Toggle icon="voice" text={words.voice} on={voiceOn.value} onTap={tap} />;
}

function Toggle({ icon, text, on, onTap }: { icon: IconName; text: string; on: boolean; onTap: () => void }) {
  return (
    <button type="button" class="cambtn" aria-pressed={on} onClick={onTap}>
      <Icon name={icon} />
      {text}
    </button>
  );
}
