# SPDX-License-Identifier: MIT
#
# Verifies a container-host image by vpdmn-conformance, as testimage tests others. In local.conf:
#
#   IMAGE_CLASSES += "vpdmn-conformance"
#
# and then: bitbake mc:vruntime-x86-64:vpdmn-rootfs-image -c vpdmn_conformance
#
# An image recipe that packs no squashfs has no such task.

inherit image-artifact-names

# "1" verifies the image with each build of it.
VPDMN_CONFORMANCE_AUTO ??= "0"

# Suites by name: static, boot, podman, xen, performance.
VPDMN_CONFORMANCE_SUITES ??= "static boot podman"

# A shipped profile, or the absolute path of one; empty for the nearest.
VPDMN_CONFORMANCE_PROFILE ??= ""

# Absolute paths: accepted failures, and a report.json that nothing may be slower than (for the suite performance).
VPDMN_CONFORMANCE_WAIVERS ??= ""
VPDMN_CONFORMANCE_BASELINE ??= ""

# Further options of verify.mjs, such as "--quick --jobs 2".
VPDMN_CONFORMANCE_OPTIONS ??= ""

# What becomes of an image that does not conform: "error" lets the task succeed and bitbake end with 1, as testimage
# does; "fatal" fails the task; "warn" only says so.
VPDMN_CONFORMANCE_ON_FAILURE ??= "error"

# What boots the image.
VPDMN_CONFORMANCE_INITRAMFS ??= "vpdmn-tiny-initramfs-image"

# One verification at a time: guests have 2 GiB of memory each, and boots side by side are slower.
VPDMN_CONFORMANCE_LOCK ??= "${TOPDIR}/vpdmn-conformance.lock"

VPDMN_CONFORMANCE_OUT ??= "${WORKDIR}/vpdmn-conformance"

python do_vpdmn_conformance() {
    import os
    import subprocess

    tell = vpdmn_conformance_tell(d)
    out = os.path.join(d.getVar('VPDMN_CONFORMANCE_OUT'), d.getVar('DATETIME'))
    command = vpdmn_conformance_command(d, out)
    bb.note('Running %s' % ' '.join(command))
    # Progress goes to this task's log, the summary to the console.
    ended = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
                           cwd=d.getVar('VPDMN_CONFORMANCE_DIR'), env=vpdmn_conformance_environment(d))
    if ended.stdout:
        bb.plain('%s: %s' % (d.getVar('PN'), ended.stdout.rstrip()))
    if os.path.exists(os.path.join(out, 'testresults.json')):
        vpdmn_conformance_publish(d, out)
    vpdmn_conformance_judge(d, ended.returncode, out, tell)
}

# How a failing image is told; asked for before it is verified, which takes its time.
def vpdmn_conformance_tell(d):
    wanted = d.getVar('VPDMN_CONFORMANCE_ON_FAILURE')
    ways = {'error': bb.error, 'fatal': bb.fatal, 'warn': bb.warn}
    if wanted not in ways:
        bb.fatal('VPDMN_CONFORMANCE_ON_FAILURE is "%s"; it takes %s.' % (wanted, ', '.join(ways)))
    return ways[wanted]

def vpdmn_conformance_command(d, out):
    import os

    folder = d.getVar('VPDMN_CONFORMANCE_DIR')
    node = os.path.join(folder, 'node_modules', '.bin', 'node')
    if not os.path.exists(node):
        bb.fatal('%s is not set up: run "npm run setup" there, once.' % os.path.normpath(folder))
    deployed = d.getVar('DEPLOY_DIR_IMAGE')
    image = os.path.join(deployed, d.getVar('IMAGE_LINK_NAME') + '.squashfs')
    kernel = os.path.join(deployed, '%s-%s.bin' % (d.getVar('KERNEL_IMAGETYPE'), d.getVar('MACHINE')))
    initramfs = os.path.join(deployed, '%s-%s.cpio.gz' % (d.getVar('VPDMN_CONFORMANCE_INITRAMFS'), d.getVar('MACHINE')))
    for path in (image, kernel, initramfs):
        if not os.path.exists(path):
            bb.fatal('%s is missing: it is deployed by a build of this machine.' % path)
    command = [node, os.path.join(folder, 'harness', 'verify.mjs'), image, '--kernel', kernel, '--initramfs', initramfs,
               '--suite', ','.join(d.getVar('VPDMN_CONFORMANCE_SUITES').split()), '--out', out, '--format', 'testresults']
    for option in ('profile', 'waivers', 'baseline'):
        value = d.getVar('VPDMN_CONFORMANCE_' + option.upper())
        if value:
            command += ['--' + option, value]
    return command + d.getVar('VPDMN_CONFORMANCE_OPTIONS').split()

# A task's own PATH holds only the tools of HOSTTOOLS: QEMU and the others are on the path that bitbake was called with.
# In kas, HOME is a temporary folder: set XDG_CACHE_HOME there.
def vpdmn_conformance_environment(d):
    import os

    called = d.getVar('BB_ORIGENV', False)
    environment = dict(os.environ)
    for name in ('PATH', 'HOME', 'XDG_CACHE_HOME'):
        value = called.getVar(name)
        if value:
            environment[name] = value
    # Results are joined below, under bitbake's own lock and with what bitbake knows of the build.
    environment.pop('OEQA_JSON_RESULT_DIR', None)
    return environment

def vpdmn_conformance_publish(d, out):
    import json
    import os
    from oeqa.core.runner import OETestResultJSONHelper
    from oeqa.utils import get_json_result_dir

    folder = get_json_result_dir(d)
    configuration = vpdmn_conformance_configuration(d)
    with open(os.path.join(out, 'testresults.json')) as file:
        runs = json.load(file)
    result_id = 'runtime_%s_%s_%s' % (configuration['IMAGE_BASENAME'], configuration['MACHINE'], configuration['STARTTIME'])
    for run in runs.values():
        OETestResultJSONHelper().dump_testresult_file(folder, configuration, result_id, run['result'])
    links = os.path.join(folder, d.getVar('PN'))
    bb.utils.mkdirhier(links)
    for name in ('report.html', 'report.json'):
        link = os.path.join(links, 'vpdmn-conformance-%s-%s' % (d.getVar('MACHINE'), name))
        if os.path.lexists(link):
            os.unlink(link)
        os.symlink(os.path.join(out, name), link)

# As get_testimage_configuration of testimage.bbclass.
def vpdmn_conformance_configuration(d):
    import oe.lsb
    from oeqa.utils.metadata import get_layers

    return {
        'TEST_TYPE': 'runtime',
        'MACHINE': d.getVar('MACHINE'),
        'DISTRO': d.getVar('DISTRO'),
        'IMAGE_BASENAME': d.getVar('IMAGE_BASENAME'),
        'IMAGE_PKGTYPE': d.getVar('IMAGE_PKGTYPE') or 'unknown',
        'STARTTIME': d.getVar('DATETIME'),
        'HOST_DISTRO': oe.lsb.distro_identifier().replace(' ', '-'),
        'LAYERS': get_layers(d.getVar('BBLAYERS')),
    }

def vpdmn_conformance_judge(d, code, out, tell):
    if code == 0:
        return
    if code != 1:
        bb.fatal('%s: vpdmn-conformance could not verify the image (exit code %s), which says nothing about it; why is at the end of '
                 'this task\'s log.' % (d.getVar('PN'), code))
    tell('%s does not conform: see %s/report.html' % (d.getVar('PN'), out))

do_vpdmn_conformance[nostamp] = "1"
# Without it a task has no network device that is up, not even lo: guests reach their registry by that.
do_vpdmn_conformance[network] = "1"
do_vpdmn_conformance[lockfiles] = "${VPDMN_CONFORMANCE_LOCK}"
do_vpdmn_conformance[vardepsexclude] = "BB_ORIGENV DATETIME"
vpdmn_conformance_environment[vardepsexclude] = "BB_ORIGENV"
vpdmn_conformance_configuration[vardepsexclude] = "DATETIME"
do_vpdmn_conformance[doc] = "Verifies the image by vpdmn-conformance"

python () {
    if 'squashfs' not in (d.getVar('IMAGE_FSTYPES') or '').split():
        return
    before = 'do_build' if oe.types.boolean(d.getVar('VPDMN_CONFORMANCE_AUTO') or 'False') else None
    bb.build.addtask('do_vpdmn_conformance', before, 'do_image_complete', d)
    d.appendVarFlag('do_vpdmn_conformance', 'depends',
                    ' virtual/kernel:do_deploy %s:do_image_complete' % d.getVar('VPDMN_CONFORMANCE_INITRAMFS'))
}
