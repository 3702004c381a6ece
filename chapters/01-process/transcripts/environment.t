stage: 01
needs:
setup: export API_TOKEN=hunter2
---
$ stage01 run -- env
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
HOSTNAME=host
TERM=xterm
HOME=[..]
$ stage01 run -e COLOUR=green -e API_TOKEN -e TERM=dumb -- env
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
HOSTNAME=host
TERM=dumb
HOME=[..]
COLOUR=green
API_TOKEN=hunter2
