#!/usr/bin/env bash
# Every role and playbook as users run it: in check mode, then for real, then again.
set -eu

config=../../integration_config.yml
AWS_ENDPOINT_URL=$(sed -n 's/^wa_endpoint_url: //p' "$config")
AWS_SECRET_ACCESS_KEY=$(sed -n 's/^wa_secret_key: //p' "$config")
export AWS_ENDPOINT_URL AWS_SECRET_ACCESS_KEY AWS_ACCESS_KEY_ID=test AWS_REGION=us-east-1 ANSIBLE_ROLES_PATH=..

run() {
    ansible-playbook -i accounts.yml -e "@$config" "$@"
}

run scene.yml "$@"
run run.yml -e phase=check --check "$@"
run run.yml -e phase=run "$@"
run run.yml -e phase=again "$@"
