import { render } from "preact";
import { restoreAppearance } from "./actions/appearance.ts";
import { restoreLanguage } from "./actions/language.ts";
import { start } from "./actions/loading.ts";
import { listenToTabs } from "./actions/tabs.ts";
import { listenToWorker } from "./actions/worker.ts";
import { watchHistory } from "./lib/router.ts";
import { App } from "./screens/app.tsx";
import "./ui/tokens.css";
import "./ui/base.css";
import "./ui/shell.css";
import "./ui/components.css";
import "./ui/lists.css";
import "./ui/check_in.css";
import "./ui/result.css";
import "./ui/layout.css";
import "./ui/start.css";
import "./ui/today.css";
import "./ui/question.css";
import "./ui/messages.css";

restoreAppearance();
watchHistory();
listenToTabs();
void restoreLanguage().then(() => {
  render(<App />, document.getElementById("app")!);
  void start();
  void listenToWorker();
});
