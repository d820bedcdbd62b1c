/** Which addresses may be told our token and our cards: Microsoft's own, and a stand-in on this machine where one is configured. */

/** Commercial and government clouds (learn.microsoft.com, "Send proactive messages"). */
const HOSTS = [
  /^smba\.trafficmanager\.net$/,
  /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.botframework\.com$/,
  /^smba\.infra\.gcc\.teams\.microsoft\.com$/,
  /^smba\.infra\.(?:gov|dod)\.teams\.microsoft\.us$/,
];

/** Where the tenant's region is not known yet. */
const ANYWHERE = "https://smba.trafficmanager.net/teams/";

export interface ServiceUrls {
  readonly first: string;
  allows(url: string): boolean;
}

/** @param standIn an address of this machine, for tests and the demo; with it, nothing else is allowed */
export function createServiceUrls(standIn: string | null): ServiceUrls {
  if (standIn !== null && !isLoopback(standIn))
    throw new Error("TEAMS_CONNECTOR_URL is for tests: it takes an address of this machine and nothing else");
  return {
    first: standIn === null ? ANYWHERE : withSlash(standIn),
    allows(url) {
      if (!URL.canParse(url)) return false;
      const { protocol, hostname, port, origin, username, password } = new URL(url);
      if (username !== "" || password !== "") return false;
      if (standIn !== null) return origin === new URL(standIn).origin;
      return protocol === "https:" && port === "" && HOSTS.some((host) => host.test(hostname));
    },
  };
}

export function withSlash(url: string): string {
  return url.endsWith("/") ? url : `${url}/`;
}

function isLoopback(url: string): boolean {
  return (
    URL.canParse(url) && /^(?:localhost|\[::1\]|127\.\d{1,3}\.\d{1,3}\.\d{1,3})$/.test(new URL(url).hostname)
  );
}
