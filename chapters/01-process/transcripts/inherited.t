stage: 01
needs:
---
$ export API_TOKEN=hunter2
$ sh -c 'echo "$API_TOKEN"; ls /proc/self/fd/9/ | grep passwd' 9< /etc
hunter2
passwd
passwd-
