#!/usr/bin/env bash
# An agent in a shell script: curl asks and waits, sed reads the answer, and nothing is done that was not approved.
set -euo pipefail

url="${HOLDPOINT_URL:-http://127.0.0.1:3000}"
key="${HOLDPOINT_KEY:?holdpoint keys create <agent> prints one}"

# Whatever goes wrong on the way is tried again; an error of ours ends the script, which then has done nothing.
call() {
  curl --silent --show-error --fail-with-body --max-time 70 --retry 5 --retry-connrefused \
    --header "Authorization: Bearer $key" --header "Content-Type: application/json" "$@"
}

# The value of a member whose name stands once in the answer: a text, or a number.
member() { sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p"; }

# The key makes a repeated request the same escalation.
escalation="$(call --header "Idempotency-Key: curl-$$-$(date +%s)" "$url/v1/escalations" --data '{
  "trigger": "approval_required",
  "summary": "Offer Dana Whitfield 20 %",
  "reason": "She asked for a better price, and 15 % is the most I may give by myself.",
  "action": { "name": "offer_discount", "args": { "customer": "dana-17", "percent": 20 } }
}' | grep --only-matching --max-count 1 'esc_[0-9A-Z]*' | head -n 1)"

# Held back until something changes, for half a minute at most; then asked again.
while answer="$(call "$url/v1/escalations/$escalation?wait=30")"; do
  case "$answer" in *'"status":"open"'*) ;; *) break ;; esac
done

case "$answer" in
  *'"status":"expired"'*) echo expired ;;
  *'"verdict":"approve"'* | *'"verdict":"edit"'*)
    # Somebody may have paused the agent since.
    case "$(call "$url/v1/state?capability=offer_discount")" in
      *'"state":"running"'*) ;;
      *) echo held; exit ;;
    esac
    # Here the discount would be given, with the arguments of the decision and no others.
    percent="$(member percent <<<"$answer")"
    call "$url/v1/escalations/$escalation/outcome" --data "{\"executed\":true,\"detail\":\"$percent %\"}" >/dev/null
    if [ "$percent" = 20 ]; then echo approved; else echo edited; fi
    ;;
  *'"verdict":"reject"'*) [ -n "$(member reason <<<"$answer")" ] && echo rejected ;;
  *'"verdict":"respond"'*) [ -n "$(member response <<<"$answer")" ] && echo answered ;;
  *) echo held ;;
esac
