import { appearance, setAppearance, type Appearance } from "../actions/appearance.ts";
import { languageChoice, setLanguage, spoken, type LanguageChoice } from "../actions/language.ts";
import { refresh } from "../actions/loading.ts";
import type { Consent, Me } from "../lib/contract.ts";
import { PLAN_LANGUAGE } from "../lib/languages.ts";
import { dataWords } from "../strings/data.ts";
import { displayWords as words } from "../strings/display.ts";
import { Icon } from "../ui/icons.tsx";
import { LanguageSelect } from "../ui/language_select.tsx";
import { Link } from "../ui/page.tsx";

const CHOICES: Appearance[] = ["phone", "light", "dark"];

/** How the app looks on this phone, and which language it speaks. */
export function Display() {
  return (
    <section>
      <h2 class="sec-h">{words.display}</h2>
      <div class="card flush list">
        <LanguageField />
        <label class="li">
          <span class="grow b">{words.appearance}</span>
          <select
            class="inp choice"
            value={appearance.value}
            onChange={(event) => setAppearance(event.currentTarget.value as Appearance)}
          >
            {CHOICES.map((one) => (
              <option key={one} value={one}>
                {words.appearances[one]}
              </option>
            ))}
          </select>
        </label>
      </div>
      {spoken.value !== PLAN_LANGUAGE && <p class="xs muted after">{words.languagePlan}</p>}
    </section>
  );
}

/** Everything is said anew at once; what the server says is asked for again, and pushes and mails follow. */
function LanguageField() {
  const choose = (choice: LanguageChoice) => void setLanguage(choice).then(refresh);
  return (
    <label class="li">
      <span class="grow b">{words.language}</span>
      <LanguageSelect<LanguageChoice> value={languageChoice.value} onChoose={choose}>
        <option value="phone">{words.languagePhone}</option>
      </LanguageSelect>
    </label>
  );
}

/** Who sees what, as it stands now. */
export function YourData({ profile }: { profile: Me }) {
  const given = (kind: Consent["kind"]) => profile.consents.some((one) => one.kind === kind && one.given);
  return (
    <section>
      <h2 class="sec-h">{words.data}</h2>
      <div class="card flush list">
        <details class="li more">
          <summary>
            <span>
              {words.who}
              <span class="sm muted own-line light">{words.whoShort(profile.practitioner.name)}</span>
            </span>
          </summary>
          <div class="col g2 sm">
            <p>{words.whoAll(profile.studio.name)}</p>
            <p>{given("photos") ? words.whoPhotos : words.whoNoPhotos}</p>
            {given("photos") && given("show_photos") && <p>{words.whoShow}</p>}
          </div>
        </details>
        <Link to="/settings/data" class="li">
          <span class="grow b">{dataWords.page}</span>
          <Icon name="forward" flip />
        </Link>
      </div>
    </section>
  );
}
