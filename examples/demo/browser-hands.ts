/** The hands of people in a browser: each has a page of their own, and clicks what stands on it. */
import { type Browser, chromium, type Locator, type Page } from "playwright-core";
import { CAST, type CastMember } from "./cast.ts";
import type { Hands, Press, Values } from "./chat.ts";

const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"];
/** A message of the bot, as the Playground marks it. */
const ANSWER = ".fai-OutputCard";
const LATE = /was quicker|have already/;
const FLAGGED = /Its owner is asked to look/;
/** A Playground is 9 MB of script, and there are four. */
const LOADING_MS = 60_000;
const PATIENCE_MS = 10_000;
const PEOPLE = Object.values(CAST);

/** A form that stands is filled in within moments; one that is gone never. */
const FORM_MS = 3_000;

/** @param executable where Chromium is */
export async function browserHands(
  executable: string,
  pageOf: (who: CastMember) => string,
): Promise<Hands & { close(): Promise<void> }> {
  const browser: Browser = await chromium.launch({ executablePath: executable, args: FLAGS });
  const pages = new Map(
    await Promise.all(
      PEOPLE.map(async (who) => {
        const page = await browser.newPage({ viewport: { width: 1_200, height: 1_400 } });
        page.setDefaultTimeout(PATIENCE_MS);
        await page.goto(pageOf(who), { timeout: LOADING_MS });
        return [who.id, page] as const;
      }),
    ).catch(async (error: unknown) => {
      await browser.close();
      throw error;
    }),
  );
  const open = (who: CastMember): Page => {
    const page = pages.get(who.id);
    if (page === undefined) throw new Error(`${who.name} has no page`);
    return page;
  };
  /** The latest of this name: every card before it is settled. */
  const button = (page: Page, label: string): Locator =>
    page.getByRole("button", { name: label, exact: true }).last();
  const cards = (page: Page): Locator => page.locator(".ac-adaptiveCard");
  /** What Holdpoint has said, in cards or in words. */
  const answers = (page: Page): Locator => page.locator(ANSWER);

  const press = async ({ who, label }: Press): Promise<void> => {
    await button(open(who), label).click();
  };

  const fillIn = async (page: Page, values: Values): Promise<void> => {
    for (const [label, value] of Object.entries(values)) {
      const choice = page.getByRole("combobox", { name: label }).last();
      if ((await choice.count()) === 0) {
        await page.getByLabel(label).last().fill(value, { timeout: FORM_MS });
        continue;
      }
      await choice.click();
      await page.getByRole("option", { name: new RegExp(`^${value}$`, "i") }).click();
    }
  };

  /** A card that is redrawn meanwhile, because its agent confirms that it has stopped, closes its form: then once more. */
  const fill = async ({ who, label }: Press, send: string, values: Values): Promise<void> => {
    const page = open(who);
    for (let tries = 1; ; tries++) {
      await press({ who, label });
      try {
        await fillIn(page, values);
        await button(page, send).click({ timeout: FORM_MS });
        return;
      } catch (error) {
        if (tries === 3) throw error;
      }
    }
  };

  /** Types, and resolves with what has come after it. */
  const type = async (who: CastMember, words: string): Promise<string> => {
    const page = open(who);
    const before = await answers(page).count();
    await page.locator("[contenteditable=true],textarea").first().click();
    await page.keyboard.type(words);
    await page.keyboard.press("Enter");
    await answers(page).nth(before).waitFor();
    return answers(page).last().innerText();
  };

  return {
    scripted: true,
    press: (one) => press(one),
    fill: (one, _escalation, values) => fill(one, SENDS[one.label] ?? one.label, values),
    type,

    async race(_escalation, his, hers) {
      await type(hers.who, hers.command);
      await press({ who: hers.who, label: "Open the request" });
      const hersIs = button(open(hers.who), hers.label);
      const hisIs = button(open(his.who), his.label);
      const both = await Promise.all([hisIs, hersIs].map((one) => one.elementHandle()));
      // Looked for from before on: the words stand under a card until that is redrawn for everybody.
      const told = Promise.any([his, hers].map(({ who }) => open(who).getByText(LATE).first().waitFor()));
      // Clicked by the page itself: a pointer would first wait for the card that the other's click has redrawn.
      await Promise.all(
        both.map((one) => one?.evaluate((element) => (element as unknown as Clickable).click())),
      );
      const late = () => told.then(() => 1);
      return { clicks: 2, late };
    },

    async flag(who, values) {
      await type(who, `flag ${values["Which agent?"]}`);
      const page = open(who);
      await fillIn(page, {
        "How bad is it?": values["How bad is it?"] ?? "",
        "What feels off?": values["What feels off?"] ?? "",
      });
      await button(page, "Tell the owner").click();
      await page.getByText(FLAGGED).waitFor();
    },
    async answerFlag(who, words, values) {
      await open(who).getByText(words).first().waitFor();
      await fill({ who, label: "Answer" }, "Send the answer", values);
    },

    async settled({ word, by }) {
      const page = open(by);
      const said = cards(page)
        .filter({ hasText: `${word} by ${by.name}` })
        .last();
      await said.waitFor();
      return said.getByRole("button").allInnerTexts();
    },
    close: () => browser.close(),
  };
}

interface Clickable {
  click(): void;
}

/** What the button says that sends the form behind another. */
const SENDS: Readonly<Record<string, string>> = {
  Answer: "Send the answer",
  "Edit and approve": "Approve these",
};
