import { render } from "preact";
import { start } from "./actions/loading.ts";
import { listenToWorker } from "./actions/worker.ts";
import { watchHistory } from "./lib/router.ts";
import { App } from "./screens/app.tsx";
import "./ui/tokens.css";
import "./ui/base.css";
import "./ui/shell.css";
import "./ui/components.css";
import "./ui/check_in.css";
import "./ui/screens.css";

watchHistory();
render(<App />, document.getElementById("app")!);
void start();
void listenToWorker();
