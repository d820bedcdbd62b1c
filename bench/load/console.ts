/** A person at the console, as a browser is: signs in by a link once, and presses buttons. */

export interface Signed {
  readonly cookie: string;
  /** Goes into every form. */
  readonly csrf: string;
}

/** @param path of a link that was not used yet */
export async function signIn(url: string, path: string): Promise<Signed> {
  const answer = await fetch(url + path, { method: "POST", redirect: "manual", headers: fromOurPages(url) });
  const cookie = answer.headers
    .getSetCookie()
    .map((one) => one.split(";", 1)[0])
    .join("; ");
  const page = await fetch(`${url}/agents`, { headers: { cookie } });
  const [, csrf] = /name="csrf" value="([^"]+)"/.exec(await page.text()) ?? [];
  if (answer.status !== 303 || csrf === undefined) throw new Error(`nobody was signed in: ${answer.status}`);
  return { cookie, csrf };
}

/** Presses a button, given what it carries. @throws when the press is not done */
export async function press(url: string, { cookie, csrf }: Signed, token: string): Promise<void> {
  const answer = await fetch(`${url}/press`, {
    method: "POST",
    redirect: "manual",
    headers: { ...fromOurPages(url), cookie },
    body: new URLSearchParams({ token, csrf, back: "/" }),
  });
  await answer.arrayBuffer();
  if (answer.status !== 303) throw new Error(`a press was answered with ${answer.status}`);
}

function fromOurPages(url: string): Readonly<Record<string, string>> {
  return {
    origin: url,
    "sec-fetch-site": "same-origin",
    "content-type": "application/x-www-form-urlencoded",
  };
}
