import { expect, test } from 'vitest'
import { domainConfig } from './domain-config.ts'

const request = { cmd: 'true', input: 'dir', network: true, ip: '10.0.100.7' } as const

test('a domain is configured as the runner does', () => {
  expect(domainConfig('x86_64', { name: 'one', request, input: 0 })).toBe(`name = "one"
type = "pv"
memory = 512
vcpus = 2
kernel = "/boot/kernel"
ramdisk = "/boot/initramfs"
extra = "console=hvc0 quiet loglevel=0 init=/init vcontainer.blk=xvd vcontainer.init=/vxn-init.sh docker_cmd=dHJ1ZQ== docker_input=dir docker_output=text docker_network=1 docker_ip=10.0.100.7"
disk = ['format=raw,vdev=xvda,access=ro,target=/dev/vdc', 'format=raw,vdev=xvdb,access=rw,target=/dev/vdd']
vif = ['bridge=xenbr0']
serial = "pty"
on_poweroff = "destroy"
on_reboot = "destroy"
on_crash = "destroy"
`)
})

test('each architecture has its type of domain, and a domain without input one disk', () => {
  const config = domainConfig('aarch64', { name: 'two', request })
  expect(config).toContain('type = "pvh"\n')
  expect(config).not.toContain('xvdb')
})
