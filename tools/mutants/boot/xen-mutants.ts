import type { ScriptMutant } from './boot-mutants.ts'

/** Ways in which the init for Xen serves its domain wrongly. What several requirements ask of one domain is asked beside. */
export const xenMutants: readonly ScriptMutant[] = [
  {
    id: 'domain-exit-code-lost',
    happens: 'The status was read behind another command.',
    file: 'vxn-init.sh',
    from: '    status=$?\n    stamp command\n    cat',
    to: '    echo done > "$work_folder/done"\n    status=$?\n    stamp command\n    cat',
    fails: ['XEN-002', 'XEN-009'],
    beside: ['XEN-001', 'XEN-003'],
  },
  {
    id: 'domain-asks-for-its-address',
    happens: 'A server’s numbers were preferred to those of the runner.',
    file: 'vxn-init.sh',
    from: '  if [ -z "$parameter_ip" ] && [ "$parameter_network" = 1 ] && find_network_device; then\n',
    to: '  parameter_ip=\n  if [ "$parameter_network" = 1 ] && find_network_device; then\n',
    fails: ['XEN-004'],
    beside: ['XEN-001', 'XEN-002'],
  },
  {
    id: 'domain-ends-by-a-panic',
    happens: 'Process 1 was taken for a script that may end.',
    file: 'vxn-init.sh',
    from: '    answer_text "$work_folder/answer" "$status"\n  fi\n  end_machine\n',
    to: '    answer_text "$work_folder/answer" "$status"\n  fi\n  exit 0\n',
    fails: ['XEN-001', 'XEN-002', 'XEN-003', 'XEN-004', 'XEN-005'],
    beside: ['XEN-010'],
  },
  {
    id: 'domain-configuration-elsewhere',
    happens: 'The configuration was looked for inside the root file system.',
    file: 'vxn-init.sh',
    from: '  if [ -f "$input_folder/config.json" ]; then\n',
    to: '  if [ -f "$root/config.json" ]; then\n',
    fails: ['XEN-006'],
    beside: ['XEN-008'],
  },
  {
    id: 'domain-drops-empty-arguments',
    happens: 'Empty lines were taken for the end of the list and removed.',
    file: 'vxn-init.sh',
    from: `tr ',' '\\n' ;;`,
    to: `tr ',' '\\n' | grep . ;;`,
    fails: ['XEN-007'],
    beside: ['XEN-008'],
  },
  {
    id: 'domain-needs-a-shell',
    happens: 'Only images with a shell were tried.',
    file: 'vxn-init.sh',
    from: '  if [ -e "$root/bin/sh" ] || [ -L "$root/bin/sh" ]; then\n',
    to: '  if :; then\n',
    fails: ['XEN-008'],
    beside: ['XEN-010'],
  },
  {
    id: 'domain-refusal-unsaid',
    happens: 'The line that tells the runner was lost in a merge.',
    file: 'vxn-init.sh',
    from: '    fail "The input disk holds no root file system, no OCI layout and no rootfs folder."\n',
    to: '    end_machine\n',
    fails: ['XEN-010'],
    beside: ['XEN-008'],
  },
  {
    id: 'domain-without-layouts',
    happens: 'Only root file systems were tried.',
    file: 'vxn-init.sh',
    from: '  if [ -f "$input_folder/oci-layout" ]; then\n    take_layout\n  elif',
    to: '  if',
    fails: ['XEN-011'],
    beside: ['XEN-008'],
  },
]

/** Ways in which the initramfs serves a domain wrongly. */
export const domainInitramfsMutants: readonly Omit<ScriptMutant, 'file'>[] = [
  {
    id: 'domain-without-its-drivers',
    happens: 'The modules of Xen were left out of a smaller initramfs.',
    from: '  [ "$disk_prefix" != xvd ] || load_modules xen\n',
    to: '',
    fails: ['XEN-001', 'XEN-002', 'XEN-003', 'XEN-004'],
    beside: ['XEN-005'],
  },
  {
    id: 'domain-read-only-root',
    happens: 'The image is mounted as it is, without an overlay.',
    from: '  mount -t overlay -o lowerdir=/squashfs,upperdir=/overlay/upper,workdir=/overlay/work overlay "$new_root" ||',
    to: '  mount --move /squashfs "$new_root" ||',
    fails: ['XEN-003'],
    beside: ['XEN-001', 'XEN-002'],
  },
]
