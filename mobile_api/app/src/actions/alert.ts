/** A gentle tone and a short vibration, where the phone allows them. */
export function ring(): void {
  navigator.vibrate?.([300, 150, 300]);
  try {
    const audio = new AudioContext();
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = 528;
    volume.gain.setValueAtTime(0.15, audio.currentTime);
    volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 1.5);
    tone.connect(volume).connect(audio.destination);
    tone.start();
    tone.stop(audio.currentTime + 1.5);
    tone.onended = () => void audio.close();
  } catch {
    // No sound on this phone: the screen says it.
  }
}

/** Keeps the screen on until the returned function is called; taken again when the page comes back into view. */
export function stayAwake(): () => void {
  let lock: WakeLockSentinel | null = null;
  let ended = false;
  const take = async () => {
    if (ended || document.visibilityState !== "visible" || !("wakeLock" in navigator)) return;
    lock = await navigator.wakeLock.request("screen").catch(() => null);
    if (ended) void lock?.release();
  };
  const retake = () => void take();
  document.addEventListener("visibilitychange", retake);
  void take();
  return () => {
    ended = true;
    document.removeEventListener("visibilitychange", retake);
    void lock?.release();
  };
}
