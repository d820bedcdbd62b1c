/** The pages at the door: how to get a link, who the reader of one is, and the button that uses it up. */
import type { Directory, Person } from "../../domain/people.ts";
import { type Html, html, NOTHING } from "../html.ts";
import { door } from "../layout.ts";

export function noSessionPage(howToSignIn: string): Html {
  return door(
    "Sign in",
    html`<h1>Sign in</h1>
<p>You are not signed in. The console opens with a one-time link: it works once, for fifteen minutes.</p>
<p>${howToSignIn}</p>`,
  );
}

export function spentLinkPage(howToSignIn: string): Html {
  return door(
    "This link is used up",
    html`<h1>This link is used up</h1>
<p>It was used before, or is older than fifteen minutes. Nobody was signed in.</p>
<p>${howToSignIn}</p>`,
  );
}

/** A GET signs nobody in: programs that preview links open them too. */
export function signInPage(code: string, person: Person): Html {
  return door(
    "Sign in",
    html`<h1>Sign in as ${person.name}</h1>
<p>What you decide here is recorded under this name.</p>
<form method="post" action="/signin/${code}" class="form"><p><button class="button" data-tone="go">Sign in</button></p></form>`,
  );
}

/** Whoever reads the terminal is trusted to say who they are. */
export function whoAreYouPage(code: string, people: Directory, problem: string | null): Html {
  const choices = people.people.map(
    (person) =>
      html`<div class="tick"><input type="radio" name="person" id="p-${person.id}" value="${person.id}" required><label for="p-${person.id}">${person.name}${
        person.email ? html` <span class="soft">${person.email}</span>` : NOTHING
      }</label></div>`,
  );
  const nobody = html`<p class="hint">No people are listed in holdpoint.yaml yet. Add them, and start again, so that somebody can decide.</p>`;
  return door(
    "Who are you?",
    html`<h1>Who are you?</h1>
<p>This link was printed where Holdpoint runs. What you decide here is recorded under the name you choose.</p>
<form method="post" action="/signin/${code}" class="form">
${problem ? html`<p class="problem" role="alert">${problem}</p>` : NOTHING}
<fieldset class="field"><legend>I am</legend>
${choices.length > 0 ? choices : nobody}
<div class="tick"><input type="radio" name="person" id="p-operator" value="" required><label for="p-operator">The operator, and none of these <span class="soft">looks at everything, pauses agents, decides nothing</span></label></div>
</fieldset>
<p><button class="button" data-tone="go">Sign in</button></p>
</form>`,
  );
}
