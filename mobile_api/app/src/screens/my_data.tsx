import { dataWords as words } from "../strings/data.ts";
import { Phone, Top } from "../ui/page.tsx";

/** What is kept, who sees it, how long, and what one can do. `who`: first name of the practitioner. */
export function MyDataScreen({ who, back }: { who: string; back: string }) {
  return (
    <Phone>
      <Top page={words.page} title={words.page} back={back} />
      <main class="scroll">
        {words.parts(who).map(({ title, lines }) => (
          <section class="card" key={title}>
            <h2 class="b">{title}</h2>
            <ul class="dotted">
              {lines.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </section>
        ))}
      </main>
    </Phone>
  );
}
