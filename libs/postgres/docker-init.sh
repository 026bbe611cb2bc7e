#!/bin/bash
# Runs once in a fresh postgres container: the two roles of the service, and nobody else may connect. The same as
# ensureDatabase() does for the embedded server.
set -euo pipefail
owner="rollbook_${SERVICE}_owner"
app="rollbook_${SERVICE}"
psql -v ON_ERROR_STOP=1 -v owner="$owner" -v app="$app" -v db="$POSTGRES_DB" -v owner_password="$OWNER_PASSWORD" -v app_password="$APP_PASSWORD" \
  --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
create role :"owner" login nosuperuser nocreatedb nocreaterole nobypassrls password :'owner_password';
create role :"app" login nosuperuser nocreatedb nocreaterole nobypassrls password :'app_password';
alter database :"db" owner to :"owner";
alter schema public owner to :"owner";
revoke all on database :"db" from public;
grant connect, temporary on database :"db" to :"owner", :"app";
SQL
