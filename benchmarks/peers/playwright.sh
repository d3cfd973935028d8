#!/bin/sh
# playwright.sh MOMENTS DELAY_US PORT...
export MOMENTS=$1 DELAY_US=$2
shift 2
export PORTS="$*"
cd "$(dirname "$0")" && playwright test > /dev/null
