import { parameter, podman } from '../../harness/contract/engines.ts'
import { exitCodeMarker, markers } from '../../harness/contract/markers.ts'

/** An image of ours that attacks the machine which judges it, or its judgement. */
export interface HostileImage {
  id: string
  /** What it tries, for the table. */
  attack: string
  /** Its `/init`: a script of a static busybox, with PATH set; HOST stands for a folder of the host that holds a secret. */
  init: string
  /** Requirements of the boot suite that are asked; the first to fail may block the others. */
  asked: readonly string[]
  /** Of those asked, which must not pass. */
  fails: readonly string[]
  /** What the report must say in some finding. */
  told?: RegExp
  /** The image, by its name, that another run judges at the same time. */
  beside?: string
  /** Part of the short form, which `npm test` runs. */
  isShort?: true
}

/** Answers a boot for one command by what it is given, and ends the machine; without a command as an image should. */
const answer = (output: string, code: number): string => `
if ! grep -q '${parameter('cmd')}=' /proc/cmdline; then echo '${markers.error}'; echo 'no command'; reboot -f; fi
echo '${markers.outputStart}'
${output}
echo '${markers.outputEnd}'
echo '${exitCodeMarker(code)}'
reboot -f
sleep 60
`

const onShare = `mount -t 9p -o trans=virtio,version=9p2000.L,msize=512000 ${podman.shareTags.share} /share && cd /share || reboot -f`

const deepFolders = `name=$(printf '%0250d' 0); count=0
while [ $count -lt 40 ] && mkdir $name && cd $name; do count=$((count+1)); done
cd /`

/** The requirements whose one boot has a share that the guest writes to. */
const withShare = ['INP-004', 'SHR-001', 'SHR-002']

/**
 * What can be done by an image in a real boot, of each row of the issue that is about a running guest; what needs none has unit
 * tests, which `npm run hostile` runs first.
 */
export const hostileImages: readonly HostileImage[] = [
  {
    id: 'answers-from-a-table',
    attack: 'runs nothing and prints what images answered before',
    init: answer(
      `printf 'one  two\\n\\tthree\\nfour\\n'
for name in ready uptime first mounts written; do echo "@@$name"; echo /init; echo; echo @@; done >/dev/console`,
      37,
    ),
    asked: ['BOOT-001', 'BOOT-002', 'BOOT-003', 'BOOT-008', 'BOOT-009'],
    fails: ['BOOT-002', 'BOOT-003', 'BOOT-008', 'BOOT-009'],
    isShort: true,
  },
  {
    id: 'links-on-the-share',
    attack: 'leaves links to files of the host, its environment and endless devices where the host reads',
    init: `${onShare}
ln -s HOST/secret from-guest; ln -s HOST/secret output.tar; ln -s /proc/self/environ listing; ln -s /dev/zero storage.tar
cd /; umount /share; ${answer('echo x', 5)}`,
    asked: withShare,
    fails: withShare,
  },
  {
    id: 'deep-share',
    attack: 'leaves forty nested folders with names of 250 characters',
    init: `${onShare}
${deepFolders}; ${answer('echo x', 5)}`,
    asked: withShare,
    fails: withShare,
  },
  {
    id: 'full-share',
    attack: 'writes to its share without an end',
    init: `${onShare}
n=0; while :; do dd if=/dev/zero of=file$n bs=1M count=512 2>/dev/null; n=$((n+1)); done`,
    asked: withShare,
    fails: withShare,
    // Beside others a guest has written less by the end of its boot's bound, which is a verdict as well.
    told: /The guest filled its share|did not end by itself/,
  },
  {
    id: 'hidden-share',
    attack: 'writes to its share without an end, to files that it has removed, in a folder that is closed to others',
    init: `${onShare}
mkdir closed && cd closed && chmod 0 .
while :; do exec 3>file; rm file; dd if=/dev/zero bs=1M count=256 >&3 2>/dev/null; sleep 600 & done`,
    asked: withShare,
    fails: withShare,
    told: /The guest filled its share|did not end by itself/,
  },
  {
    id: 'far-times',
    attack:
      'sets its clock to 2106 and 1970, and leaves archives of times beyond them, second names, pipes and devices',
    init: `date -s @4294967295; ${onShare}
echo x >listing; count=0; while [ $count -lt 500 ]; do ln listing name$count; count=$((count+1)); done
for left in 9999999999 -9999999999; do touch -d @$left listing; tar -cf storage.tar listing; done
mkfifo from-guest; mknod device c 1 5; mknod disk b 254 0; touch -d @99999999999999 storage.tar .
date -s @0; cd /; umount /share; ${answer('echo x', 5)}`,
    asked: withShare,
    fails: withShare,
  },
  {
    id: 'console-flood',
    attack: 'prints empty lines, then megabytes without a line break',
    init: `yes '' | head -n 300000; head -c 20000000 /dev/zero | tr '\\0' x; ${answer('echo x', 37)}`,
    asked: ['BOOT-001', 'BOOT-003'],
    fails: ['BOOT-003'],
  },
  {
    id: 'markup',
    attack: 'prints markup, commands of CI systems, terminal sequences and marks of a report',
    init: `printf '<script>alert(1)</script>\\n::error::x\\n\\033]0;x\\007\\n[text](http://x.test)\\n@@x\\n'; ${answer('echo "<img src=x onerror=alert(1)>"', 37)}`,
    asked: ['BOOT-002', 'BOOT-003'],
    fails: ['BOOT-002', 'BOOT-003'],
  },
  {
    id: 'agent-port',
    attack: 'writes brackets without an end to every port',
    init: `for port in /dev/vport*; do (yes '[[[[[[[[' | tr -d '\\n' >$port) & done; sleep 15; ${answer('echo x', 37)}`,
    asked: ['BOOT-005', 'BOOT-006'],
    fails: ['BOOT-005', 'BOOT-006'],
  },
  {
    id: 'two-at-once',
    attack: 'leaves deep folders and links while another run judges an image that floods its ports',
    init: `${onShare}
ln -s HOST/secret from-guest; ln -s /proc/self/environ listing; ${deepFolders}; ${answer('echo x', 5)}`,
    asked: withShare,
    fails: withShare,
    beside: 'agent-port',
  },
]
