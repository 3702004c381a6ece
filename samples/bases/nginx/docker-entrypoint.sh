#!/bin/sh
# Fills in the templates of /etc/nginx/templates, as Docker's image of nginx does: ${NAME} becomes the value of a variable of
# the environment, and everything else that begins with a dollar stays nginx's. Then becomes the command.
set -eu
for template in /etc/nginx/templates/*.template; do
  [ -e "$template" ] || continue
  to=/etc/nginx/conf.d/$(basename "$template" .template)
  # shellcheck disable=SC2016 # the dollar is envsubst's
  envsubst "$(env | sed 's/=.*//; s/.*/${&}/')" < "$template" > "$to"
done
exec "$@"
