import type { ImageTree } from '../../../harness/image/variant/image-tree.ts'
import {
  addProgram,
  loaderOf,
  makeStackExecutable,
  otherMachine,
  replaceText,
  setMachine,
  useNewerInstructions,
} from '../elf-edits.ts'
import type { StaticMutant } from '../variant.ts'

const removeLibrary = (tree: ImageTree, name: string) => {
  const paths = tree.pathsBelow(tree.libraries).filter((path) => path.startsWith(`${tree.libraries}/${name}`))
  if (paths.length === 0) throw new Error(`The image has no library ${name}.`)
  for (const path of paths) tree.remove(path)
}

export const elfMutants: readonly StaticMutant[] = [
  {
    id: 'crun-of-other-architecture',
    breaks: 'crun is built for another processor.',
    happens: 'The binary was copied from the build of the other multiconfig.',
    tree: (tree) => tree.patch('/usr/bin/crun', setMachine(otherMachine(tree))),
    fails: ['ELF-001'],
    finds: { path: '/usr/bin/crun', message: /machine 183; the image is x86_64/ },
  },
  {
    id: 'library-of-other-architecture',
    breaks: 'A library is built for another processor.',
    happens: 'A prebuilt archive was unpacked for the wrong machine.',
    tree: (tree) => tree.patch(`${tree.libraries}/libseccomp.so.2.6.0`, setMachine(otherMachine(tree))),
    fails: ['ELF-001'],
  },
  {
    id: 'host-tool-shipped',
    breaks: 'A program is for the build machine’s word size.',
    happens: 'A -native package was named in IMAGE_INSTALL.',
    tree: (tree) => addProgram(tree, '/usr/bin/mkconfig', { bits: 32, machine: 3, interpreter: '/lib/ld-linux.so.2' }),
    fails: ['ELF-010'],
    finds: { path: '/usr/bin/mkconfig', message: /32-bit/ },
  },
  {
    id: 'half-a-program',
    breaks: 'conmon ends after 4 KiB.',
    happens: 'The disk of the build machine was full.',
    tree: (tree) => tree.write('/usr/bin/conmon', tree.bytes('/usr/bin/conmon').subarray(0, 4096)),
    fails: ['ELF-001'],
  },
  {
    id: 'no-loader',
    breaks: 'No dynamic program starts.',
    happens: 'The C library is installed, the link that programs name is not.',
    tree: (tree) => tree.remove(`/usr${loaderOf(tree)}`),
    fails: ['ELF-002'],
  },
  {
    id: 'loader-not-executable',
    breaks: 'No dynamic program starts.',
    happens: 'The mode of a library was "corrected" to 0644.',
    tree: (tree) => tree.setMode(`${tree.libraries}${loaderOf(tree).replace(/^.*\//, '/')}`, 0o644),
    fails: ['ELF-002'],
  },
  {
    id: 'musl-program',
    breaks: 'One program asks for another C library’s loader.',
    happens: 'A binary of an Alpine package was copied in.',
    tree: (tree) => addProgram(tree, '/usr/bin/tini', { interpreter: '/lib/ld-musl.so.1', needed: [] }),
    fails: ['ELF-010'],
    finds: { path: '/usr/bin/tini', message: /ld-musl\.so\.1 does not exist/ },
  },
  {
    id: 'wrong-loader-in-conmon',
    breaks: 'conmon names a loader that does not exist.',
    happens: 'patchelf was run with the SDK’s loader.',
    tree: (tree) => {
      const loader = loaderOf(tree)
      tree.patch('/usr/bin/conmon', replaceText(loader, `${loader.slice(0, -1)}9`))
    },
    fails: ['ELF-002'],
  },
  {
    id: 'no-libseccomp',
    breaks: 'crun misses a library.',
    happens: 'The binary was copied in, its package’s dependencies were not.',
    tree: (tree) => removeLibrary(tree, 'libseccomp.so'),
    fails: ['ELF-003'],
  },
  {
    id: 'newer-library-name',
    breaks: 'conmon misses a library.',
    happens: 'The library was upgraded to another soname and conmon was not rebuilt.',
    tree: (tree) => tree.move(`${tree.libraries}/libglib-2.0.so.0`, `${tree.libraries}/libglib-2.0.so.1`),
    fails: ['ELF-003'],
  },
  {
    id: 'library-in-unsearched-folder',
    breaks: 'A library lies where the loader does not look.',
    happens: 'A package installs below its own prefix.',
    tree: (tree) => {
      removeLibrary(tree, 'libnftables.so')
      addProgram(tree, '/opt/nftables/lib/libnftables.so.1', { soname: 'libnftables.so.1' })
    },
    fails: ['ELF-003'],
  },
  {
    id: 'program-of-newer-release',
    breaks: 'crun asks for symbols that the C library does not have.',
    happens: 'One package was taken from a newer release.',
    tree: (tree) => tree.patch('/usr/bin/crun', replaceText('GLIBC_2.34\0', 'GLIBC_2.94\0')),
    fails: ['ELF-004'],
    finds: { path: '/usr/bin/crun', message: /needs GLIBC_2\.94 of libc\.so\.6/ },
  },
  {
    id: 'stale-c-library',
    breaks: 'The C library is older than the programs.',
    happens: 'The image was made of packages of two releases.',
    tree: (tree) => tree.patch(`${tree.libraries}/libc.so.6`, replaceText('GLIBC_2.34\0', 'GLIBC_2.04\0')),
    fails: ['ELF-004'],
  },
  {
    id: 'rpath-into-build-folder',
    breaks: 'A program looks for libraries in a folder of the build machine.',
    happens: 'chrpath was skipped by INSANE_SKIP.',
    tree: (tree) => addProgram(tree, '/usr/bin/slirp4netns', { rpath: '/home/builder/sysroot/usr/lib' }),
    fails: ['ELF-005'],
    finds: { path: '/usr/bin/slirp4netns', message: /\/home\/builder\/sysroot\/usr\/lib/ },
  },
  {
    id: 'runpath-anyone-may-write',
    breaks: 'A program loads libraries from /tmp.',
    happens: 'It was linked in a scratch folder.',
    tree: (tree) => addProgram(tree, '/usr/bin/slirp4netns', { runpath: '/tmp/stage/lib' }),
    fails: ['ELF-005'],
    finds: { path: '/usr/bin/slirp4netns', message: /\/tmp\/stage\/lib/ },
  },
  {
    id: 'no-comment-extension',
    breaks: 'Every rule of netavark fails.',
    happens: 'Of iptables-modules only some packages are installed.',
    tree: (tree) => tree.remove(`${tree.libraries}/xtables/libxt_comment.so`),
    fails: ['ELF-006'],
    finds: { path: '/usr/lib64/xtables/libxt_comment.so', message: /extension comment is missing/ },
  },
  {
    id: 'no-extensions',
    breaks: 'iptables has no extensions.',
    happens: 'Files named *.so were taken for development files.',
    tree: (tree) => {
      for (const path of tree.pathsBelow(`${tree.libraries}/xtables`)) tree.remove(path)
    },
    fails: ['ELF-006'],
  },
  {
    id: 'crun-without-capabilities',
    breaks: 'Containers get none of the capabilities that they are given.',
    happens: 'PACKAGECONFIG of crun lost caps.',
    tree: (tree) => tree.patch('/usr/bin/crun', replaceText('+CAP', '-CAP')),
    fails: ['ELF-007'],
    finds: { path: '/usr/bin/crun', message: /without capabilities/ },
  },
  {
    id: 'crun-without-seccomp',
    breaks: 'crun refuses every container that has a system call filter.',
    happens: 'PACKAGECONFIG of crun lost seccomp.',
    tree: (tree) => tree.patch('/usr/bin/crun', replaceText('+SECCOMP', '-SECCOMP')),
    fails: ['ELF-007'],
    finds: { path: '/usr/bin/crun', message: /without seccomp/ },
  },
  {
    id: 'executable-stack',
    breaks: 'conmon’s stack is executable.',
    happens: 'One object of assembly has no note about its stack.',
    tree: (tree) => tree.patch('/usr/bin/conmon', makeStackExecutable),
    fails: ['ELF-008'],
    finds: { path: '/usr/bin/conmon', message: /executable stack/ },
  },
  {
    id: 'text-relocations',
    breaks: 'A program’s code is written to when it starts.',
    happens: 'It was built without -fPIC.',
    tree: (tree) => addProgram(tree, '/usr/bin/slirp4netns', { hasTextRelocations: true }),
    fails: ['ELF-008'],
    finds: { path: '/usr/bin/slirp4netns', message: /text relocations/ },
  },
  {
    id: 'fixed-address-without-relro',
    breaks: 'A program is loaded at a fixed address with a writable relocation table.',
    happens: 'security_flags.inc is not included.',
    tree: (tree) => addProgram(tree, '/usr/bin/slirp4netns', { type: 2, hasRelro: false }),
    fails: ['ELF-008'],
    finds: { path: '/usr/bin/slirp4netns', message: /no RELRO, is not position-independent/ },
  },
  {
    id: 'program-for-newer-processor',
    breaks: 'crun uses instructions that the processor of the field’s runners does not have.',
    happens: 'DEFAULTTUNE was set to that of the build machine.',
    tree: (tree) => tree.patch('/usr/bin/crun', useNewerInstructions(tree.arch)),
    fails: ['ELF-009'],
  },
]
