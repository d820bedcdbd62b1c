/** Brings the application's answer back to where the person acted: a message for them alone, a modal, a home tab. */
import type { Answer, Log } from "../../application/ports.ts";
import type { Form } from "../../cards/form.ts";
import type { Client } from "./client.ts";
import { drawForm, FORM_ALONE, FORM_OF_CARD, problemsByBlock } from "./form.ts";
import type { Pace } from "./pace.ts";
import type { Done } from "./parse.ts";
import { type Canvas, type Drawing, drawCard, drawHome, drawNotice, drawWords } from "./render.ts";
import type { Respond, Tell } from "./tell.ts";

export interface Reply {
  readonly ack: (response?: unknown) => Promise<void>;
  readonly respond: Respond;
}

export interface AnswerParts {
  readonly client: Client;
  readonly tell: Tell;
  readonly pace: Pace;
  readonly canvas: Canvas;
  readonly log: Log;
  /** Draws a person's home tab anew. */
  readonly refreshHome: (user: string) => Promise<void>;
}

export type GiveAnswer = (heard: Done, answer: Answer, reply: Reply) => Promise<void>;

const TOO_LATE =
  "Slack gives a window three seconds to open, and that was missed. Nothing was changed: press again.";
const TOO_LARGE =
  "This is too long to edit in Slack, and shortening it would change it. Open it in Holdpoint instead.";

export function createAnswer(parts: AnswerParts): GiveAnswer {
  const { client, tell, pace, canvas, refreshHome } = parts;

  const say = (heard: Exclude<Done, { kind: "home" }>, drawing: Drawing, reply: Reply) =>
    tell(
      { user: heard.by.user, place: "place" in heard ? heard.place : undefined, respond: reply.respond },
      drawing,
    );

  /** Undefined: the form stands in front of the person. */
  const openForm = async (
    form: Form,
    trigger: string | undefined,
    callback: string,
  ): Promise<string | undefined> => {
    const view = drawForm(form, canvas.token(form.intent), callback);
    if (view === undefined)
      return canvas.consoleUrl === null ? TOO_LARGE : `${TOO_LARGE} ${canvas.consoleUrl}`;
    if (trigger === undefined) return "Slack opens a window only for a click: press the button on the card.";
    const outcome = await client.call("views.open", { trigger_id: trigger, view });
    if (outcome.kind === "ok") return undefined;
    const isLate = outcome.kind === "refused" && /trigger/.test(outcome.error);
    if (!isLate)
      parts.log.error(
        { platform: "slack", outcome: outcome.kind, ...faultOf(outcome) },
        "A form did not open",
      );
    return isLate ? TOO_LATE : "Slack did not open the window. Nothing was changed: press again.";
  };

  /** What only the person themselves sees; null where the card or the form says it all. */
  const drawingOf = async (heard: Done, answer: Answer): Promise<Drawing | null> => {
    switch (answer.kind) {
      case "done":
        return answer.words === "" || (heard.kind === "press" && heard.card) ? null : drawWords(answer.words);
      case "refused":
        return drawWords(answer.words);
      case "fields":
        return drawWords(Object.values(answer.problems).join(" "));
      case "card":
        return drawCard(answer.card, canvas);
      case "form": {
        const callback = heard.kind === "press" && heard.card ? FORM_OF_CARD : FORM_ALONE;
        const problem = await openForm(answer.form, "trigger" in heard ? heard.trigger : undefined, callback);
        return problem === undefined ? null : drawWords(problem);
      }
    }
  };

  /** What was stored is stored: Slack hears so before anything else is tried. */
  const ackThenSay = async (heard: Exclude<Done, { kind: "home" }>, answer: Answer, reply: Reply) => {
    await reply.ack();
    const drawing = await drawingOf(heard, answer);
    if (drawing !== null) await say(heard, drawing, reply);
    if (heard.kind === "press" && heard.onHome && answer.kind === "done") await refreshHome(heard.by.user);
  };

  const answerSubmission = async (heard: Extract<Done, { kind: "submit" }>, answer: Answer, reply: Reply) => {
    const show = (drawing: Drawing) => reply.ack({ response_action: "update", view: drawNotice(drawing) });
    switch (answer.kind) {
      case "done":
        return heard.alone && answer.words !== ""
          ? show(drawWords(answer.words))
          : reply.ack({ response_action: "clear" });
      case "refused":
        return show(drawWords(answer.words));
      case "card":
        return show(drawCard(answer.card, canvas));
      case "fields": {
        const errors = problemsByBlock(heard.view, answer.problems);
        return errors
          ? reply.ack({ response_action: "errors", errors })
          : show(drawWords(Object.values(answer.problems).join(" ")));
      }
      case "form": {
        const callback = heard.alone ? FORM_ALONE : FORM_OF_CARD;
        const view = drawForm(answer.form, canvas.token(answer.form.intent), callback);
        return view ? reply.ack({ response_action: "update", view }) : show(drawWords(TOO_LARGE));
      }
    }
  };

  const answerCommand = async (heard: Extract<Done, { kind: "command" }>, answer: Answer, reply: Reply) => {
    if (answer.kind === "form") return ackThenSay(heard, answer, reply);
    const drawing = await drawingOf(heard, answer);
    return reply.ack(drawing === null ? undefined : { response_type: "ephemeral", ...drawing });
  };

  /**
   * In direct messages the answer stays in the conversation; in a channel only the person who asked sees it, and so it is while
   * Slack takes no other message there: that way has a rate of its own, and nobody waits for an answer.
   */
  const answerMessage = async (heard: Extract<Done, { kind: "message" }>, answer: Answer, reply: Reply) => {
    const drawing = await drawingOf(heard, answer);
    if (drawing === null) return;
    if (!heard.direct) return say(heard, drawing, reply);
    const { channel, thread } = heard.place;
    if ((await pace.take("chat.postMessage", channel)) > 0) return say(heard, drawing, reply);
    const outcome = await client.call("chat.postMessage", {
      channel,
      ...(thread !== undefined && { thread_ts: thread }),
      parse: "none",
      link_names: false,
      unfurl_links: false,
      unfurl_media: false,
      ...drawing,
    });
    if (outcome.kind !== "ok") await say(heard, drawing, reply);
  };

  const answerHome = async (heard: Extract<Done, { kind: "home" }>, answer: Answer) => {
    const drawing = answer.kind === "card" ? null : await drawingOf(heard, answer);
    const view =
      answer.kind === "card"
        ? drawHome(answer.card, canvas)
        : { type: "home", blocks: drawing?.blocks ?? [] };
    const outcome = await client.call("views.publish", { user_id: heard.by.user, view });
    if (outcome.kind !== "ok")
      parts.log.error(
        { platform: "slack", outcome: outcome.kind, ...faultOf(outcome) },
        "A home tab was not drawn",
      );
  };

  return async (heard, answer, reply) => {
    switch (heard.kind) {
      case "press":
      case "flag":
        return ackThenSay(heard, answer, reply);
      case "submit":
        return answerSubmission(heard, answer, reply);
      case "command":
        return answerCommand(heard, answer, reply);
      case "message":
        return answerMessage(heard, answer, reply);
      case "home":
        return answerHome(heard, answer);
    }
  };
}

function faultOf(outcome: Awaited<ReturnType<Client["call"]>>) {
  return outcome.kind === "refused" ? { error: outcome.error, pointers: outcome.pointers } : {};
}
