/** Somebody at the console: keeps cookies, reads pages, and sends the very forms that stand on them. */

export interface Page {
  readonly status: number;
  readonly html: string;
  /** What a reader sees, one line. */
  readonly text: string;
  readonly forms: readonly PageForm[];
}

interface PageForm {
  readonly action: string;
  readonly fields: readonly (readonly [string, string])[];
  /** What its button says. */
  readonly button: string;
}

export interface ConsoleVisitor {
  open(path: string): Promise<Page>;
  /** Sends the form with this button, from the page that was opened last, and follows where it leads. */
  send(button: string, filled?: Readonly<Record<string, string>>): Promise<Page>;
}

/**
 * @param url where the app listens
 * @param origin the console's public origin, as a browser would name it
 */
export function consoleVisitor(url: string, origin: string): ConsoleVisitor {
  const cookies = new Map<string, string>();
  let page: Page | undefined;

  const request = async (path: string, body?: URLSearchParams): Promise<Page> => {
    const response = await fetch(url + path, {
      method: body === undefined ? "GET" : "POST",
      redirect: "manual",
      headers: {
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; "),
        ...(body === undefined
          ? {}
          : { origin, "sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded" }),
      },
      ...(body === undefined ? {} : { body: body.toString() }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === "") cookies.delete(name);
      else cookies.set(name, value);
    }
    const html = await response.text();
    const onward = response.headers.get("location");
    if (onward !== null) return request(onward);
    page = { status: response.status, html, text: textOf(html), forms: formsIn(html) };
    return page;
  };

  return {
    open: (path) => request(path),
    async send(button, filled = {}) {
      const form = page?.forms.find((one) => one.button === button);
      if (form === undefined)
        throw new Error(
          `There is no form with the button ${button}; there is ${page?.forms.map((one) => one.button).join(", ")}`,
        );
      return request(form.action, new URLSearchParams({ ...Object.fromEntries(form.fields), ...filled }));
    },
  };
}

function formsIn(html: string): readonly PageForm[] {
  return [...html.matchAll(/<form [^>]*action="([^"]*)"[^>]*>([\s\S]*?)<\/form>/g)].map(
    ([, action = "", inside = ""]) => ({
      action: unescaped(action),
      fields: [...inside.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)].map(
        ([, name = "", value = ""]) => [unescaped(name), unescaped(value)] as const,
      ),
      button: textOf(/<button[^>]*>([\s\S]*?)<\/button>/.exec(inside)?.[1] ?? ""),
    }),
  );
}

function textOf(html: string): string {
  const body = html.replace(/<(script|style)[\s\S]*?<\/\1>/g, " ").replace(/<[^>]+>/g, " ");
  return unescaped(body).replace(/\s+/g, " ").trim();
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', amp: "&", "#39": "'" };

function unescaped(text: string): string {
  return text.replace(/&(lt|gt|quot|amp|#39);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}
