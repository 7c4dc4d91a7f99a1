#!/bin/sh
# curl against the gateway that the environment names; see ../README.md.
set -u
version=$(curl --version | awk 'NR == 1 { print $2 }')
url=$SUITE_GATEWAY/v1/chat/completions
key="Authorization: Bearer $SUITE_TOKEN"
json='Content-Type: application/json'

# body MODEL STREAM: a chat request
body() {
  printf '{"model": "%s", "stream": %s, "messages": [{"role": "user", "content": "Hello there"}]}' "$1" "$2"
}

# result WHAT CONDITION...: the result is whether the condition, a command, holds
result() {
  what=$1
  shift
  if "$@"; then said=ok; else said="failed: $*"; fi
  printf 'RESULT\tcurl\t%s\t%s\t%s\n' "$version" "$what" "$(printf %s "$said" | tr '\n\t' '  ' | cut -c1-400)"
}

contains() { case $1 in *"$2"*) true ;; *) false ;; esac; }

result 'chat' contains "$(curl -sS "$url" -H "$key" -H "$json" -d "$(body gpt-4o false)")" 'simulated provider'
result 'chat, streamed' contains "$(curl -sSN "$url" -H "$key" -H "$json" -d "$(body gpt-4o true)")" 'data: [DONE]'
result 'HTTP/2 without TLS' contains \
  "$(curl -sS --http2-prior-knowledge -w '%{http_version}' "$url" -H "$key" -H "$json" -d "$(body gpt-4o false)")" '}2'
result '401: revoked key' contains \
  "$(curl -sS -w '%{http_code}' "$url" -H "Authorization: Bearer $SUITE_REVOKED_TOKEN" -H "$json" -d "$(body gpt-4o false)")" \
  'ERR_NGROK_27007"}}401'
result "403: another endpoint's key" contains \
  "$(curl -sS -w '%{http_code}' "$url" -H "x-api-key: $SUITE_OTHER_ENDPOINT_TOKEN" -H "$json" -d "$(body gpt-4o false)")" \
  'ERR_NGROK_27008"}}403'

huge=$(mktemp)
trap 'rm -f "$huge"' EXIT
head -c 2000000 /dev/zero | tr '\0' x >"$huge"
result '413: body too large' contains \
  "$(curl -sS -w '%{http_code}' "$url" -H "$key" -H "$json" --data-binary "@$huge" 2>/dev/null)" '413'

events=$(curl -sSN --limit-rate 200k "$url" -H "$key" -H "$json" -d "$(body gpt-4o-sim-chunks-3000 true)" | grep -c '^data: ')
result 'a slow reader gets every event' [ "$events" -ge 3000 ]

model=gpt-4o-sim-chunks-100000-sim-slow-5ms-curl
curl -sSN --max-time 1 "$url" -H "$key" -H "$json" -d "$(body $model true)" >/dev/null 2>&1
cancelled() {
  tries=0
  while [ $tries -lt 100 ]; do
    curl -sS "$SUITE_PROVIDER/_sim/requests" | grep -o "$model.*" | grep -q '"cancelled":true' && return
    tries=$((tries + 1))
  done
  false
}
result 'a reader that goes away stops the provider' cancelled
