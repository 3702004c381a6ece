stage: 07
needs: root
---
$ stage07 run --rootfs rootfs -- grep Cap /proc/self/status
CapInh:	0000000000000000
CapPrm:	00000000a80425fb
CapEff:	00000000a80425fb
CapBnd:	00000000a80425fb
CapAmb:	0000000000000000
$ stage07 run --explain --rootfs rootfs -- true 2>&1 | \
> grep -oE 'cap_[a-z_]+' | head -n 14 | fmt -w 68
cap_chown cap_dac_override cap_fowner cap_fsetid cap_kill
cap_setgid cap_setuid cap_setpcap cap_net_bind_service cap_net_raw
cap_sys_chroot cap_mknod cap_audit_write cap_setfcap
