import type { RequirementRow } from '../../../harness/model/requirement.ts'

const runPage = (part: string): string => `podman-run(1), ${part}`

/** What people add to podman run, and no runner relies on. */
export const usageRequirements: readonly RequirementRow[] = [
  {
    id: 'RUN-030',
    title: '--init puts an init before the command, which reaps what it leaves behind',
    severity: 'warning',
    why: 'Images of Docker’s world are run with --init; without catatonit such a run is refused.',
    source: runPage('--init; containers.conf(5), init_path'),
    remedy:
      'Add catatonit to the recipe; podman looks for it in its folders of helpers (helper_binaries_dir, init_path).',
  },
  {
    id: 'RUN-031',
    title: '--tz gives a container the time zone that was asked for',
    severity: 'warning',
    why: 'Schedules and logs are in the time of the site; without the data of time zones such a run is refused.',
    source: runPage('--tz'),
    remedy: 'Add tzdata to the recipe, or the zones that are used (/usr/share/zoneinfo).',
  },
  {
    id: 'RUN-032',
    title: '--env-host hands the caller’s environment on, and the call’s own variables win',
    severity: 'warning',
    why: 'Build scripts hand their settings on that way.',
    source: runPage('--env-host'),
    remedy: 'Use an unpatched podman, and set no env in containers.conf.',
  },
  {
    id: 'RUN-033',
    title: 'Volumes are taken with the options of labels, z and Z',
    severity: 'error',
    why: 'Scripts from machines with SELinux have :z or :Z at each volume; where there is none, it must change nothing.',
    source: runPage('--volume, "Labeling Volume Mounts"'),
    remedy:
      'Build podman and crun with SELinux, or without; do not set label = true in containers.conf where the kernel has none.',
  },
  {
    id: 'RUN-034',
    title: 'An image’s health check does not keep its container from starting',
    severity: 'warning',
    why: 'Images bring health checks of their own; podman wants a timer of systemd for each, and this image has no systemd.',
    source: 'podman-run(1), --health-interval; podman, libpod/healthcheck_linux.go; Dockerfile reference, HEALTHCHECK',
    remedy:
      'Set DISABLE_HC_SYSTEMD=true in the environment of init’s commands, and run checks by podman healthcheck run.',
  },
]
