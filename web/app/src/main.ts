import "./styles/base.css";
import { mount } from "svelte";
import type { Config } from "./api/api.js";
import App from "./App.svelte";
import { handOn, SignInFailed } from "./signin/flow.js";
import { comeBack, signInBy } from "./signin/who.svelte.js";
import { go, route } from "./router.svelte.js";

const target = document.getElementById("app") as HTMLElement;

async function start(): Promise<void> {
  const answer = await fetch("/app/config.json");
  if (!answer.ok) throw new Error("no config.json");
  const config = (await answer.json()) as Config;
  signInBy(config);
  let failed: string | undefined;
  if (route.path === "/signed-in") {
    if (handOn(route.query)) {
      target.textContent = "You are signed in. You can close this window.";
      close();
      return;
    }
    try {
      go(await comeBack(route.query), { replace: true });
    } catch (error) {
      failed = error instanceof SignInFailed ? error.message : "Signing in failed. Try again.";
    }
  }
  mount(App, { target, props: { config, failed } });
}

start().catch(() => {
  target.innerHTML = `<main class="page narrow"><h1>Hourkeep cannot start</h1><p>The server does not answer. <a href="">Try again</a></p></main>`;
});
