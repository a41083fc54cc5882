import type { Schemas } from "@hourkeep/client";
import { api, ask, ifMatch } from "../api/api.js";
import { here } from "../api/here.svelte.js";
import type { Kind } from "./edit.svelte.js";

type Practice = Schemas["Practice"];

/** How the practice is read and changed. All pages see what was saved. */
export const practiceRoutes = {
  change: async (practice: Practice, body: Schemas["PracticeChangeBody"]): Promise<Practice> =>
    (here.practice = await ask(api().PATCH("/v1/practice", { params: { header: ifMatch(practice) }, body }))),
  read: async (): Promise<Practice> => (here.practice = await ask(api().GET("/v1/practice"))),
} satisfies Partial<Kind<Practice, object>>;

/** The same for its policies alone. */
export const policyRoutes = {
  change: (practice: Practice, policies: Schemas["PoliciesChangeBody"]) => practiceRoutes.change(practice, { policies }),
  read: practiceRoutes.read,
};
