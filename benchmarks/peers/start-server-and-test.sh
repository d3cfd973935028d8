#!/bin/sh
# start-server-and-test.sh MOMENTS DELAY_US PORT...
moments=$1 delay=$2
shift 2
for port; do
  start="${start+$start & }becomes_ready $moments $delay http $port"
  urls="${urls+$urls|}http://127.0.0.1:$port/"
done
start-server-and-test "$start" "$urls" "test_begins $moments" > /dev/null
