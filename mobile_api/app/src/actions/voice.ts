/** The camera's spoken guide. */

export const hasVoice = (): boolean => "speechSynthesis" in window;

/** Says this now; what was being said makes room. `politely`: not while something else is being said. */
export function say(words: string, language: string, politely = false): void {
  if (!hasVoice() || (politely && speechSynthesis.speaking)) return;
  speechSynthesis.cancel();
  const spoken = new SpeechSynthesisUtterance(words);
  spoken.lang = language;
  speechSynthesis.speak(spoken);
}

export function hush(): void {
  if (hasVoice()) speechSynthesis.cancel();
}
