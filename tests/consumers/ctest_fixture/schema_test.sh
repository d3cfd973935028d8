# A test in another language: the fixture is in the environment. With HOLD it does not end.
set -e
psql -h 127.0.0.1 -p "$DB_PORT" -U test postgres -c 'create table things (id int)'
[ -z "$HOLD" ] || exec sleep 1000
