#!/bin/sh
# The first start of a database: POSTGRES_PASSWORD (or POSTGRES_PASSWORD_FILE), POSTGRES_USER (postgres) and POSTGRES_DB (the
# user's name) say what is made, and the files of /docker-entrypoint-initdb.d are run once. Later starts change nothing.
set -eu

fail() {
  printf '%s\n' "$@" >&2
  exit 1
}

# PostgreSQL refuses to be root. The server may be stopped while it is made: nobody outside can reach it then.
as_postgres() { setpriv --reuid postgres --regid postgres --init-groups -- "$@"; }
sql() { as_postgres psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" "$@"; }

run_files() {
  for file in /docker-entrypoint-initdb.d/*; do
    case $file in
      *.sh) sh "$file" ;;
      *.sql) sql --dbname "$POSTGRES_DB" --file "$file" ;;
    esac
  done
}

make_database() {
  POSTGRES_USER=${POSTGRES_USER:-postgres}
  POSTGRES_DB=${POSTGRES_DB:-$POSTGRES_USER}
  password=${POSTGRES_PASSWORD:-}
  [ -z "${POSTGRES_PASSWORD_FILE:-}" ] || password=$(cat "$POSTGRES_PASSWORD_FILE")
  [ -n "$password" ] || fail 'postgres: a new database needs a password' "  cure: run -e POSTGRES_PASSWORD=…, or POSTGRES_PASSWORD_FILE"
  secret=$(mktemp)
  printf '%s\n' "$password" > "$secret"
  chown postgres: "$secret"
  as_postgres initdb --username "$POSTGRES_USER" --pwfile "$secret" --auth-local trust --auth-host scram-sha-256 > /dev/null
  rm "$secret"
  printf '%s\n' "listen_addresses = '*'" >> "$PGDATA/postgresql.conf"
  printf '%s\n' 'host all all all scram-sha-256' >> "$PGDATA/pg_hba.conf"
  as_postgres pg_ctl --silent --wait --options '-c listen_addresses=' start > /dev/null
  [ "$POSTGRES_DB" = postgres ] || sql --dbname postgres --set name="$POSTGRES_DB" << 'END'
CREATE DATABASE :"name";
END
  run_files
  as_postgres pg_ctl --silent --wait --mode fast stop
}

if [ "$1" = postgres ] && [ "$(id -u)" = 0 ]; then
  install -d -o postgres -g postgres -m 700 "$PGDATA"
  [ -s "$PGDATA/PG_VERSION" ] || make_database
  # the server has no use for them
  unset POSTGRES_PASSWORD POSTGRES_PASSWORD_FILE
  exec setpriv --reuid postgres --regid postgres --init-groups -- "$@"
fi
exec "$@"
