/**
 * @typedef {object} SystemPart
 * @property {string} proof A program looked for on the path, or the absolute path of a file.
 * @property {string} package The Debian package that brings it.
 * @property {string} purpose What the harness needs it for.
 * @property {string} [service] A service that the package would start, and that the harness does not want.
 * @property {boolean} [isWithoutRootOnly] Only who is not root needs it.
 * @property {boolean} [isOptional] The harness does without it and says so; it is installed where root sets up, and for tests.
 * @property {boolean} [isForTestsOnly] Only the harness's own tests use it, and they are skipped without it.
 */

/**
 * What the harness needs of the system, beyond Node and npm.
 * @type {readonly SystemPart[]}
 */
export const systemParts = [
  { proof: 'qemu-system-x86_64', package: 'qemu-system-x86', purpose: 'boots x86_64 guests' },
  { proof: 'qemu-system-aarch64', package: 'qemu-system-arm', purpose: 'boots aarch64 guests' },
  { proof: 'unsquashfs', package: 'squashfs-tools', purpose: 'reads images' },
  { proof: 'mksquashfs', package: 'squashfs-tools', purpose: 'makes images' },
  { proof: 'mmdebstrap', package: 'mmdebstrap', purpose: 'unpacks the packages of kit and reference image' },
  {
    proof: '/usr/share/keyrings/debian-archive-keyring.gpg',
    package: 'debian-archive-keyring',
    purpose: 'checks those packages',
  },
  { proof: 'newuidmap', package: 'uidmap', purpose: 'lets mmdebstrap work without root', isWithoutRootOnly: true },
  { proof: 'dpkg-deb', package: 'dpkg', purpose: 'reads single packages' },
  {
    proof: 'docker-registry',
    package: 'docker-registry',
    purpose: 'serves container images to guests',
    service: 'docker-registry',
  },
  { proof: 'skopeo', package: 'skopeo', purpose: 'talks to the registry as guests do', isForTestsOnly: true },
  { proof: 'ssh-keygen', package: 'openssh-client', purpose: 'makes keys that sign', isForTestsOnly: true },
  { proof: 'socat', package: 'socat', purpose: 'joins a guest to the registry' },
  // Who verifies images of their own does without it; a build of the reference image says that it is missing.
  {
    proof: 'openssl',
    package: 'openssl',
    purpose: 'names the certificates of the reference image by their hashes',
    isOptional: true,
  },
  { proof: 'mke2fs', package: 'e2fsprogs', purpose: 'makes input and state disks' },
  { proof: 'dumpe2fs', package: 'e2fsprogs', purpose: 'looks at disks that guests wrote' },
  { proof: 'e2fsck', package: 'e2fsprogs', purpose: 'replays the journal of a disk' },
  { proof: 'debugfs', package: 'e2fsprogs', purpose: 'reads files from a disk without mounting it' },
  { proof: 'fakeroot', package: 'fakeroot', purpose: 'unpacks exported storage as build hosts do' },
  { proof: 'pseudo', package: 'pseudo', purpose: 'unpacks exported storage as bitbake does' },
  { proof: 'ldd', package: 'libc-bin', purpose: 'names the libraries of the registry program' },
  { proof: 'setpriv', package: 'util-linux', purpose: 'ends helpers with the harness, even when it is killed' },
  { proof: 'bwrap', package: 'bubblewrap', purpose: 'hides the files of the host from QEMU', isOptional: true },
  { proof: 'busybox', package: 'busybox', purpose: 'checks the syntax of init scripts' },
  { proof: 'dash', package: 'dash', purpose: 'checks the syntax of init scripts' },
  { proof: 'bash', package: 'bash', purpose: 'checks the syntax of init scripts' },
  { proof: 'sh', package: 'dash', purpose: 'runs scripts' },
  { proof: 'xz', package: 'xz-utils', purpose: 'unpacks kernel modules' },
  { proof: 'zstd', package: 'zstd', purpose: 'unpacks kernel modules' },
  { proof: 'gzip', package: 'gzip', purpose: 'unpacks kernel modules' },
  { proof: 'tar', package: 'tar', purpose: 'packs and unpacks' },
  {
    proof: 'taskset',
    package: 'util-linux',
    purpose: 'keeps programs of tests on one processor',
    isForTestsOnly: true,
  },
  {
    proof: 'dockerd',
    package: 'docker.io',
    purpose: 'runs the registry in a container',
    service: 'docker',
    isForTestsOnly: true,
  },
  {
    proof: 'containerd',
    package: 'containerd',
    purpose: 'runs containers for dockerd',
    service: 'containerd',
    isForTestsOnly: true,
  },
  { proof: 'ip', package: 'iproute2', purpose: "removes dockerd's bridge", isForTestsOnly: true },
  { proof: 'chromium', package: 'chromium', purpose: 'shows the HTML report', isForTestsOnly: true },
  {
    proof: '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf',
    package: 'fonts-dejavu-core',
    purpose: 'letters on its screenshots',
    isForTestsOnly: true,
  },
  { proof: 'cp', package: 'coreutils', purpose: 'copies sparse files' },
  { proof: 'du', package: 'coreutils', purpose: 'counts what guests put on a share' },
  { proof: 'sleep', package: 'coreutils', purpose: 'outlives what started it', isForTestsOnly: true },
  { proof: 'chown', package: 'coreutils', purpose: 'gives a fake root its folder' },
  { proof: 'rm', package: 'coreutils', purpose: 'removes what guests left, however deep' },
  { proof: 'chmod', package: 'coreutils', purpose: 'opens folders that guests closed, to remove them' },
  { proof: 'prlimit', package: 'util-linux', purpose: 'bounds the files that an archive unpacks to' },
  { proof: 'flock', package: 'util-linux', purpose: 'adds to test results that others add to as well' },
  { proof: 'unshare', package: 'util-linux', purpose: 'keeps tools on data of guests from the network' },
  { proof: 'mkfifo', package: 'coreutils', purpose: 'leaves a pipe as guests may', isForTestsOnly: true },
  { proof: 'mknod', package: 'coreutils', purpose: 'leaves a device as guests may', isForTestsOnly: true },
  { proof: 'git', package: 'git', purpose: 'makes a project that CI parts are tried in', isForTestsOnly: true },
  { proof: 'ps', package: 'procps', purpose: 'shows what still runs', isForTestsOnly: true },
]
