#!/bin/sh
# wait-on.sh MOMENTS DELAY_US PORT...
moments=$1 delay=$2
shift 2
for port; do
  becomes_ready "$moments" "$delay" http "$port" &
  pids="$pids $!" urls="$urls http://127.0.0.1:$port/"
done
wait-on $urls && test_begins "$moments"
kill $pids
wait
