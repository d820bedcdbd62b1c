/** Looks whether everybody whom a charter may ask can be reached, before somebody has to be. */
import type { Charter } from "../domain/charter/charter.ts";
import { type Address, addressKey, channelAddress } from "../domain/delivery/copy.ts";
import type { Person } from "../domain/people.ts";
import type { Context } from "./context.ts";
import type { ChatPlatform } from "./ports.ts";

/** One address, or one person without any, and what is wrong with it in words; null: nothing. */
export interface Examined {
  readonly who: string;
  readonly where: string;
  readonly trouble: string | null;
}

export type ExamineAddresses = () => Promise<readonly Examined[]>;

/** Asks each platform once for each person and channel that the charters name; posts nothing. */
export function examineAddresses(
  context: Pick<Context, "store" | "people">,
  platforms: readonly ChatPlatform[],
  operators: Address | null,
): ExamineAddresses {
  return async () => {
    const charters = (await context.store.agents.all()).map(({ charter }) => charter);
    const asked = new Set(charters.flatMap(peopleOf));
    const people = context.people.people.filter(({ id }) => asked.has(id));
    const channels = new Map(
      [...charters.flatMap(channelsOf).map(channelAddress), ...(operators ? [operators] : [])].map((one) => [
        addressKey(one),
        one,
      ]),
    );
    const found: Examined[] = [];
    // One after the other: a platform would limit many at once, and whoever waits for this reads it line by line.
    for (const person of people) found.push(...(await examinePerson(person)));
    for (const address of channels.values()) found.push(await examine(`channel ${address.id}`, address));
    return found;
  };

  async function examinePerson(person: Person): Promise<readonly Examined[]> {
    const addresses = platforms.flatMap(({ name }): Address[] => {
      const account = person.accounts[name];
      return account ? [{ platform: name, kind: "person", id: account }] : [];
    });
    if (addresses.length === 0 && platforms.length > 0) {
      const names = platforms.map(({ name }) => name).join(" or ");
      const trouble = `has no account on ${names}: add one to people in holdpoint.yaml`;
      return [{ who: person.name, where: "nowhere", trouble }];
    }
    const examined: Examined[] = [];
    for (const address of addresses) examined.push(await examine(person.name, address));
    return examined;
  }

  async function examine(who: string, address: Address): Promise<Examined> {
    const platform = platforms.find(({ name }) => name === address.platform);
    const trouble = platform
      ? await platform.check(address)
      : `${address.platform} is not on: set its variables, or name another channel`;
    return { who, where: address.platform, trouble };
  }
}

/** Everybody whom a chain under this charter may ask. */
function peopleOf({ ownership, triggers }: Charter): readonly string[] {
  const { owner, deputies, approvers, escalate_to } = ownership;
  const routes = Object.values(triggers).flatMap((setting) => setting?.route ?? []);
  return [owner, ...deputies, ...approvers, ...escalate_to, ...routes];
}

function channelsOf({ ownership, review }: Charter): readonly string[] {
  return [ownership.ask_in, ownership.fallback, review.channel].filter((one) => one !== undefined);
}
