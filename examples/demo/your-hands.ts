/** Nobody clicks for the people: what the script would do, whoever is at the keyboard is asked to do. */
import type { CastMember } from "./cast.ts";
import type { Hands } from "./chat.ts";
import type { Narrator } from "./narrator.ts";

export function yourHands(narrator: Narrator, pageOf: (who: CastMember) => string): Hands {
  const ask = (who: CastMember, hint: string) =>
    narrator.waiting(`${who.name}: open ${pageOf(who)} and ${hint}`);
  const unasked = () => Promise.reject(new Error("Only the script does this."));
  return {
    scripted: false,
    async type(who, words) {
      ask(who, `type ${words}`);
      return "";
    },
    async flag(who, values) {
      ask(
        who,
        `type flag ${values["Which agent?"]}, choose ${values["How bad is it?"]} and say what feels off`,
      );
    },
    press: unasked,
    fill: unasked,
    race: unasked,
    answerFlag: unasked,
    settled: unasked,
  };
}
