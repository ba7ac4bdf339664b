/** Words of podman, crun, netavark and the kernel, with what mends that; the first that is seen counts. */
const remedies: readonly { seen: RegExp; remedy: string }[] = [
  {
    seen: /unknown version specified/,
    remedy: 'Use crun 1.14.3 or later: this one refuses the version of the runtime specification that podman writes.',
  },
  {
    seen: /no space left on device|ENOSPC/i,
    remedy:
      'Give the file system of the path in the message more room: leave out size= of its tmpfs, or use a state disk.',
  },
  {
    seen: /certificate signed by unknown authority|x509: /,
    remedy:
      'Ship a CA bundle where Go looks for one (/etc/ssl/certs/ca-certificates.crt), and see that the clock is right.',
  },
  {
    seen: /libpod_lock|\/dev\/shm/,
    remedy: 'Mount a tmpfs on /dev/shm in init before the first podman command.',
  },
  {
    seen: /open \/etc\/containers\/policy\.json|policy\.json: no such file/,
    remedy: 'Ship /etc/containers/policy.json.',
  },
  {
    seen: /no such host|server misbehaving|lookup [\w.-]+(?: on \S+)?: |Temporary failure in name resolution/,
    remedy:
      'Let init write a name server that answers into /etc/resolv.conf, and list files and dns for hosts in nsswitch.conf.',
  },
  {
    seen: /\/var\/tmp\S*: (?:no such file|read-only)/i,
    remedy: 'Make /var/tmp in init, writable, or set image_copy_tmp_dir in containers.conf.',
  },
  {
    seen: /cgroup(?:s|v2|fs)?\b.*(?:no such file|not mounted|not available|invalid)|(?:no such file|read-only).*\/sys\/fs\/cgroup/i,
    remedy: 'Mount cgroup2 on /sys/fs/cgroup in init and enable its controllers in cgroup.subtree_control.',
  },
  {
    seen: /exec format error/i,
    remedy:
      'Compare the architecture of the program with the guest’s, and the store with what was written: a file may have been cut.',
  },
  {
    seen: /unshare|clone3?:.*(?:Invalid argument|Operation not permitted)|namespace.*(?:Invalid argument|not supported)/i,
    remedy:
      'Enable the name spaces of the kernel (CONFIG_NAMESPACES with PID_NS, NET_NS, IPC_NS, UTS_NS, USER_NS, CGROUPS).',
  },
]

/** The remedy for what a message tells; undefined where it tells none, and the requirement's own holds. */
export const seenRemedy = (message: string): string | undefined =>
  remedies.find(({ seen }) => seen.test(message))?.remedy
