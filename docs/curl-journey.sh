#!/bin/sh
# A whole application with nothing but curl: an enterprise is registered (if it is not yet), applies for a stage,
# is reviewed by township, reporting unit and city, and its achievement and the city's total are read.
#
#   BASE=http://127.0.0.1:8000 PASSWORD=… APPLICANT=… TOWNSHIP=… UNIT=… CITY=… MONITOR=… \
#     docs/curl-journey.sh CREDIT_CODE STAGE
#
# The five names are accounts; the applicant's has no enterprise yet, or this one:
#   manage.py account create NAME --role applicant
# STAGE: guanbiao.cultivation, and when its waiting time is over guanbiao.implementation, which the plan counts.
# The township's account decides where the enterprise lies (TOWN, a division's code).
set -eu

uscc=$1 stage=$2
base=${BASE:-http://127.0.0.1:8000}/api/v1
town=${TOWN:-320412100}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
json='Content-Type: application/json'

# part NAME JSON: the text or number that stands at "NAME" first.
part() {
  after=${2#*\""$1"\":}
  [ "$after" != "$2" ] || return 1
  case $after in
    \"*) after=${after#\"} && printf '%s' "${after%%\"*}" ;;
    *) after=${after%%,*} && printf '%s' "${after%%\}*}" ;;
  esac
}

# ask TOKEN CURL-ARGUMENTS…: the answer's body; a refusal is printed and ends the journey.
ask() {
  token=$1
  shift
  status=$(curl -sS -o "$scratch/body" -D "$scratch/headers" -w '%{http_code}' -H "Authorization: Token $token" "$@")
  case $status in
    2??) cat "$scratch/body" ;;
    *) printf '%s %s\n' "$status" "$(cat "$scratch/body")" >&2 && exit 1 ;;
  esac
}

log_in() {
  answer=$(curl -sS -f -H "$json" -d "{\"username\": \"$1\", \"password\": \"$PASSWORD\"}" "$base/auth/token/")
  part token "$answer"
}

gained() {
  part gained "$(ask "$monitor" "$base/totals/?indicator=guanbiao_enterprises")"
}

case $stage in
  guanbiao.cultivation)
    fields='"legal_representative": "张三", "main_business": "精密零部件", "employees": 120, "valid_patents": 8,
      "planned_start_on": "2027-01-01"' modules='' ;;
  guanbiao.implementation)
    fields='"management_representative": "李四", "ip_department": "知识产权部", "ip_staff": 3,
      "yearly_ip_budget": "20.5", "documents_issued_on": "2026-10-01", "plan_summary": "按标准逐步实施"'
    modules=', "modules": ["7.1"]' ;;
  *) echo "no form for $stage here" >&2 && exit 2 ;;
esac

applicant=$(log_in "$APPLICANT") monitor=$(log_in "$MONITOR")
before=$(gained)

if ! curl -sS -f -o /dev/null -H "Authorization: Token $applicant" "$base/enterprises/$uscc/" 2>/dev/null; then
  ask "$applicant" -H "$json" -H "Idempotency-Key: register-$uscc" "$base/enterprises/" -d '{
    "uscc": "'"$uscc"'", "name": "常州星河精密科技有限公司", "township": "'"$town"'", "established_on": "2012-05-01",
    "contact_name": "王五", "contact_phone": "13800001234"}' >/dev/null
  echo "registered $uscc"
fi

draft=$(ask "$applicant" -H "$json" -H "Idempotency-Key: open-$uscc-$stage" "$base/applications/" -d '{
  "enterprise": "'"$uscc"'", "stage": "'"$stage"'"}')
number=$(part number "$draft")
echo "draft $number"

# What was read is what is changed: with another version in between, the answer would be 412.
draft=$(ask "$applicant" "$base/applications/$number/")
etag=$(grep -i '^etag:' "$scratch/headers" | tr -d '\r')
draft=$(ask "$applicant" -X PATCH -H "$json" -H "If-Match: ${etag#*: }" "$base/applications/$number/" \
  -d "{\"fields\": {$fields}$modules}")

# `missing` names every paper that is asked for.
printf '%%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%%%EOF\n' >"$scratch/paper.pdf"
rest=$draft
while paper=${rest#*\"field\":\"evidence.} && [ "$paper" != "$rest" ]; do
  rest=$paper
  ask "$applicant" -F "requirement=${paper%%\"*}" -F "file=@$scratch/paper.pdf" "$base/applications/$number/evidence/" \
    >/dev/null
  echo "paper ${paper%%\"*}"
done

# act TOKEN ACTION: the key makes a repeated request harmless.
act() {
  row=$(ask "$1" -H "$json" -H "Idempotency-Key: $number-$(part version "$draft")-$2" \
    "$base/applications/$number/actions/" -d "{\"action\": \"$2\", \"comment\": \"符合条件\"}")
  draft=$row
  echo "$2: $(part status "$row")"
}

act "$applicant" submit
for level in TOWNSHIP UNIT CITY; do
  eval "reviewer=\$(log_in \"\$$level\")"
  act "$reviewer" accept
  if [ "$level" = CITY ]; then act "$reviewer" approve; else act "$reviewer" recommend; fi
done

timeline=$(ask "$applicant" "$base/enterprises/$uscc/timeline/")
case $timeline in
  *'"kind":"achievement"'*) achieved=${timeline#*'"kind":"achievement"'} ;;
  *) echo "no achievement in the timeline" >&2 && exit 1 ;;
esac
echo "achievement: $(part title "$achieved"), ledger number $(part ledger_number "$achieved")"

# Cultivation is not counted by the plan; implementation is, as soon as the worker has folded it.
after=$(gained)
tries=0
while [ "$stage" != guanbiao.cultivation ] && [ "$after" = "$before" ] && [ "$tries" -lt 60 ]; do
  sleep 1
  tries=$((tries + 1)) after=$(gained)
done
echo "total of the plan since its opening: $before -> $after"
[ "$stage" = guanbiao.cultivation ] || [ "$after" -gt "$before" ]
