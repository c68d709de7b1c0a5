// "Waiting for Sam to scan" turns into "Sam is in" by itself; the link is copied with one tap.
const status = document.querySelector("[data-state]");
const EVERY_MS = 3000;

async function look() {
  try {
    const answer = await fetch(status.dataset.state, { headers: { Accept: "application/json" } });
    if (answer.ok) {
      const { state } = await answer.json();
      if (state !== "waiting") {
        clearInterval(timer);
        status.classList.toggle("joined", state === "joined");
        status.querySelector("[data-words]").textContent = status.dataset[state];
        for (const part of document.querySelectorAll("[data-while-waiting]")) part.hidden = true;
        for (const part of document.querySelectorAll("[data-after]")) part.hidden = false;
      }
    }
  } catch {
    // offline for a moment: the next look tells
  }
}

const timer = setInterval(look, EVERY_MS);

const copy = document.querySelector("[data-copy]");
if (copy && navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(copy.dataset.copy);
    copy.querySelector("span").textContent = "Copied";
  });
}
const print = document.querySelector("[data-print]");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
