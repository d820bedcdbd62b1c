"""An agent in Python with nothing but the standard library: it asks, waits, and does what was decided and nothing else."""

import hashlib
import json
import os
import time
import urllib.error
import urllib.request
import uuid

URL = os.environ.get("HOLDPOINT_URL", "http://127.0.0.1:3000")
KEY = os.environ["HOLDPOINT_KEY"]  # holdpoint keys create <agent>
OFFER = {"name": "offer_discount", "args": {"customer": "dana-17", "percent": 20}}


def call(method, path, body=None, headers=None):
    """One request. Whatever goes wrong on the way is tried again: an agent that can't ask is held."""
    data = None if body is None else json.dumps(body).encode()
    for attempt in range(1_000_000):
        request = urllib.request.Request(URL + path, data, method=method, headers={
            "Authorization": f"Bearer {KEY}",
            "Content-Type": "application/json",
            **(headers or {}),
        })
        try:
            with urllib.request.urlopen(request, timeout=70) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            if error.code < 500 and error.code not in (408, 409, 429):
                raise SystemExit(f"{method} {path}: {error.code} {error.read().decode()}") from error
        except OSError:
            pass
        time.sleep(min(30, 2 ** min(attempt, 5)))


def ask():
    """Raises the escalation. The key makes a repeated request the same escalation."""
    return call("POST", "/v1/escalations", {
        "trigger": "approval_required",
        "summary": "Offer Dana Whitfield 20 %",
        "reason": "She asked for a better price, and 15 % is the most I may give by myself.",
        "subject": {"type": "contact", "id": "dana-17", "name": "Dana Whitfield"},
        "action": OFFER,
    }, {"Idempotency-Key": str(uuid.uuid4())})


def settled(escalation):
    """Waits until the escalation is decided, expired or withdrawn."""
    while True:
        now = call("GET", f"/v1/escalations/{escalation}?wait=30")
        if now["status"] != "open":
            return now


def digest(name, args):
    """What was approved is what runs: the SHA-256 of the action as canonical JSON (RFC 8785, for texts and whole numbers)."""
    text = json.dumps({"name": name, "args": args}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def may_act():
    """Asked before every action: somebody may have paused the agent since."""
    return call("GET", "/v1/state?subject=contact:dana-17&capability=offer_discount")["state"] == "running"


def main():
    escalation = ask()["id"]
    now = settled(escalation)
    if now["status"] != "decided":
        return "expired" if now["status"] == "expired" else "held"
    decision = now["decision"]
    if decision["verdict"] in ("approve", "edit"):
        args = decision["args"]
        if digest(OFFER["name"], args) != decision["action_digest"]:
            raise SystemExit("these are not the arguments that were approved")
        if not may_act():
            return "held"
        # Here the discount would be given: args["percent"] to args["customer"].
        call("POST", f"/v1/escalations/{escalation}/outcome",
             {"executed": True, "detail": f"{args['customer']} gets {args['percent']} %"})
        return "approved" if args == OFFER["args"] else "edited"
    if decision["verdict"] == "reject":
        return "rejected" if decision.get("reason") or decision.get("option") else "held"
    if decision["verdict"] == "respond":
        return "answered" if decision.get("response") else "held"
    return "held"


if __name__ == "__main__":
    print(main())
