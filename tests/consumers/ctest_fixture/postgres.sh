# A fresh PostgreSQL in the directory $1, on the port $2. It refuses to run as root.
set -e
PATH=$PATH:$(echo /usr/lib/postgresql/*/bin)
run=
if [ "$(id -u)" = 0 ]; then
  install -d -o postgres "$1/db"
  chmod a+x "$1" "$(dirname "$1")" "$(dirname "$(dirname "$1")")"
  run="setpriv --reuid=postgres --regid=postgres --clear-groups"
fi
$run initdb --auth=trust --username=test -D "$1/db" > "$1/initdb.log"
exec $run postgres -D "$1/db" -p "$2" -c listen_addresses=127.0.0.1 -c unix_socket_directories="$1/db"
