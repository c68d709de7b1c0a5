// Counts what is new above the list every 15 seconds; the list itself never jumps.
const list = document.querySelector("[data-waiting]");
const newer = document.querySelector("[data-newer]");
const lost = document.querySelector("[data-lost]");
const EVERY_MS = 15000;

async function look() {
  try {
    const answer = await fetch(list.dataset.waiting, { headers: { Accept: "application/json" } });
    if (answer.status === 401) {
      location.reload();
      return;
    }
    if (!answer.ok) throw new Error("no answer");
    const shown = new Set(list.dataset.ids.split(" "));
    const found = await answer.json();
    const fresh = found.ids.filter((id) => !shown.has(id)).length;
    newer.hidden = fresh === 0;
    newer.querySelector("[data-count]").textContent = fresh === 1 ? "1 new" : `${fresh} new`;
    for (const badge of document.querySelectorAll("[data-badge]")) {
      badge.textContent = String(found.act_now + found.look_today);
      badge.hidden = found.act_now + found.look_today === 0;
    }
    lost.hidden = true;
  } catch {
    lost.hidden = false;
  }
}

if (list) setInterval(look, EVERY_MS);

for (const button of document.querySelectorAll("[data-template]")) {
  button.addEventListener("click", () => {
    const box = document.getElementById("words");
    box.value = box.value.trim() === "" ? button.dataset.template : `${box.value.trim()} ${button.dataset.template}`;
    box.focus();
  });
}
