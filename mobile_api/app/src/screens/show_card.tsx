import { navigate } from "../lib/router.ts";
import { t } from "../strings/index.ts";
import { Button } from "../ui/page.tsx";

/** To the card for a nurse. `id`: a check-in, or a care plan, whose newest check-in it then shows. */
export function ShowCard({ id }: { id: string }) {
  return (
    <Button class="line" icon="info" onClick={() => navigate(`/card/${id}`)}>
      {t.states.showCard}
    </Button>
  );
}
