/** The forms in which a callback URL can point where it must not; `:PORT` is where a test puts a port, or nothing. */

export interface ForbiddenUrl {
  readonly text: string;
  /** What the reason must say. */
  readonly why: RegExp;
}

const LOOPBACK = /loopback/;
const PRIVATE = /private/;
const RESERVED = /reserved/;
const NOT_A_URL = /not a valid URL/;
const NOT_HTTPS = /full URL that starts with https/;
const USERINFO = /user name or password/;
const UNSEEN = /space, a control character or a backslash/;

const FORMS: readonly (readonly [string, RegExp])[] = [
  // One address in every spelling that the URL parser understands.
  ["https://127.0.0.1:PORT/cb", LOOPBACK],
  ["https://127.0.0.1.:PORT/cb", LOOPBACK],
  ["https://127.1:PORT/cb", LOOPBACK],
  ["https://127.0.1:PORT/cb", LOOPBACK],
  ["https://2130706433:PORT/cb", LOOPBACK],
  ["https://0x7f000001:PORT/cb", LOOPBACK],
  ["https://0x7f.0.0.1:PORT/cb", LOOPBACK],
  ["https://0X7F.0x0.0x0.0x1:PORT/cb", LOOPBACK],
  ["https://0177.0.0.1:PORT/cb", LOOPBACK],
  ["https://0177.0.0.01:PORT/cb", LOOPBACK],
  ["https://017700000001:PORT/cb", LOOPBACK],
  ["https://127%2e0%2e0%2e1:PORT/cb", LOOPBACK],
  ["https://%31%32%37.0.0.1:PORT/cb", LOOPBACK],
  ["https://１２７.０.０.１:PORT/cb", LOOPBACK],
  ["https://①②⑦.⓪.⓪.①:PORT/cb", LOOPBACK],
  ["https://127。0。0。1:PORT/cb", LOOPBACK],
  ["https://127.0.0.1\u00ad:PORT/cb", LOOPBACK],
  ["https://127.255.255.254:PORT/cb", LOOPBACK],
  ["HTTPS://127.0.0.1:PORT/cb", LOOPBACK],
  ["http://127.0.0.1:PORT/cb", LOOPBACK],
  // The same by name.
  ["https://localhost:PORT/cb", LOOPBACK],
  ["https://LOCALHOST:PORT/cb", LOOPBACK],
  ["https://a.localhost:PORT/cb", LOOPBACK],
  ["https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:PORT/cb", LOOPBACK],
  ["https://local\u200bhost:PORT/cb", LOOPBACK],
  ["https://localhost.:PORT/cb", /ends in a dot/],
  ["https://example.com.:PORT/cb", /ends in a dot/],
  // IPv6, and IPv4 wrapped in it.
  ["https://[::1]:PORT/cb", LOOPBACK],
  ["https://[0:0:0:0:0:0:0:1]:PORT/cb", LOOPBACK],
  ["https://[::]:PORT/cb", /unspecified/],
  ["https://[::ffff:127.0.0.1]:PORT/cb", /IPv4-mapped/],
  ["https://[::ffff:7f00:1]:PORT/cb", /IPv4-mapped/],
  ["https://[::ffff:8.8.8.8]:PORT/cb", /IPv4-mapped/],
  ["https://[::ffff:0:7f00:1]:PORT/cb", /IPv4-translated/],
  ["https://[::127.0.0.1]:PORT/cb", RESERVED],
  ["https://[64:ff9b::7f00:1]:PORT/cb", /NAT64/],
  ["https://[64:ff9b:1::a00:1]:PORT/cb", /NAT64/],
  ["https://[2002:7f00:1::]:PORT/cb", /6to4/],
  ["https://[2001:0:53aa:64c::1]:PORT/cb", /Teredo/],
  ["https://[fe80::1]:PORT/cb", /link-local/],
  ["https://[fd00:ec2::254]:PORT/cb", PRIVATE],
  ["https://[fec0::1]:PORT/cb", PRIVATE],
  ["https://[ff02::1]:PORT/cb", /multicast/],
  ["https://[2001:db8::1]:PORT/cb", RESERVED],
  ["https://[3fff::1]:PORT/cb", RESERVED],
  ["https://[100::1]:PORT/cb", RESERVED],
  ["https://[4000::1]:PORT/cb", RESERVED],
  ["https://[fe80::1%25eth0]:PORT/cb", NOT_A_URL],
  // The rest of IPv4 that is not public.
  ["https://0.0.0.0:PORT/cb", /unspecified/],
  ["https://0:PORT/cb", /unspecified/],
  ["https://0.1.2.3:PORT/cb", /unspecified/],
  ["https://10.0.0.1:PORT/cb", PRIVATE],
  ["https://172.16.0.1:PORT/cb", PRIVATE],
  ["https://172.31.255.255:PORT/cb", PRIVATE],
  ["https://192.168.1.1:PORT/cb", PRIVATE],
  ["https://100.64.0.1:PORT/cb", /carrier-grade NAT/],
  ["https://169.254.169.254:PORT/latest/meta-data/", /link-local/],
  ["https://2852039166:PORT/latest/meta-data/", /link-local/],
  ["https://224.0.0.1:PORT/cb", /multicast/],
  ["https://255.255.255.255:PORT/cb", /broadcast/],
  ["https://240.0.0.1:PORT/cb", RESERVED],
  ["https://192.0.2.1:PORT/cb", RESERVED],
  ["https://198.51.100.1:PORT/cb", RESERVED],
  ["https://203.0.113.1:PORT/cb", RESERVED],
  ["https://198.18.0.1:PORT/cb", RESERVED],
  ["https://192.0.0.192:PORT/cb", RESERVED],
  // Written so that a person, or another parser, reads another host.
  ["https://user:pass@127.0.0.1:PORT/cb", USERINFO],
  ["https://example.com@127.0.0.1:PORT/cb", USERINFO],
  ["https://example.com:443@127.0.0.1:PORT/cb", USERINFO],
  ["https://@127.0.0.1:PORT/cb", USERINFO],
  ["https://example.com\\@127.0.0.1:PORT/cb", UNSEEN],
  ["https:\\\\127.0.0.1:PORT\\cb", UNSEEN],
  [" https://127.0.0.1:PORT/cb", UNSEEN],
  ["https://127.0.\t0.1:PORT/cb", UNSEEN],
  ["https://127.0.0.1:PORT/cb\r\nx-injected: 1", UNSEEN],
  ["https:127.0.0.1:PORT/cb", NOT_HTTPS],
  ["https:///127.0.0.1:PORT/cb", NOT_HTTPS],
  ["//127.0.0.1:PORT/cb", NOT_HTTPS],
  ["127.0.0.1:PORT/cb", NOT_HTTPS],
  ["https://1.2.3.4.5:PORT/cb", NOT_A_URL],
  ["https://256.256.256.256:PORT/cb", NOT_A_URL],
  ["https://[::1:PORT/cb", NOT_A_URL],
  ["https://example.com:99999/cb", NOT_A_URL],
  // No web address at all.
  ["", NOT_HTTPS],
  ["javascript:alert(1)", NOT_HTTPS],
  ["data:text/plain,x", NOT_HTTPS],
  ["file:///etc/passwd", NOT_HTTPS],
  ["ftp://127.0.0.1:PORT/cb", NOT_HTTPS],
  ["gopher://127.0.0.1:PORT/_x", NOT_HTTPS],
  ["ws://127.0.0.1:PORT/cb", NOT_HTTPS],
  ["unix:/var/run/docker.sock", NOT_HTTPS],
  [`https://example.com/${"a".repeat(2981)}`, /longer than 3000/],
  // Public, but not over https or not at a port for it.
  ["http://example.com/cb", /must use https/],
  ["http://example.com:443/cb", /must use https/],
  ["https://example.com:22/cb", /port 443 or 8443/],
  ["https://example.com:6379/cb", /port 443 or 8443/],
  ["https://example.com:80/cb", /port 443 or 8443/],
];

export const FORBIDDEN_URLS: readonly ForbiddenUrl[] = FORMS.map(([text, why]) => ({ text, why }));

/** The URL with this port where it has one to choose, or with none. */
export function atPort(text: string, port?: number): string {
  return text.replace(":PORT", port === undefined ? "" : `:${port}`);
}
