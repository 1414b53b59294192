#!/usr/bin/env bash
# Sharing with the AWS CLI, as a shell script does it. Usage: cli_loop.sh WORKLOAD_NAME ACCOUNT...
set -euo pipefail
name=$1
shift
id=$(aws wellarchitected list-workloads --workload-name-prefix "$name" --query 'WorkloadSummaries[0].WorkloadId' --output text)
for account in "$@"; do
    aws wellarchitected create-workload-share --workload-id "$id" --shared-with "$account" --permission-type READONLY
done
