#!/bin/sh
# shell_loop.sh MOMENTS DELAY_US PORT...
moments=$1 delay=$2
shift 2
for port; do
  becomes_ready "$moments" "$delay" http "$port" &
  pids="$pids $!"
done
for port; do
  until curl -fs "http://127.0.0.1:$port/"; do sleep 0.1; done
done
test_begins "$moments"
kill $pids
wait
