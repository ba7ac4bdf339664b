import { podmanParameters as p } from '../../../harness/contract/engines.ts'
import type { RequirementRow } from '../../../harness/model/requirement.ts'

const remedy = 'Use an unpatched podman; keep /run writable, where credentials are kept.'

/** Registries that want to know who asks. */
export const loginRequirements: readonly RequirementRow[] = [
  {
    id: 'LGN-001',
    title: 'Without a login a pull from a private registry is refused and said so',
    severity: 'error',
    why: 'A user must learn that a login is missing, not that the image does not exist.',
    source: 'RFC 7617; podman-login(1)',
    remedy,
  },
  {
    id: 'LGN-002',
    title: 'With the right password podman logs in, pulls, and is refused again after logout',
    severity: 'error',
    why: 'Private images are the rule in companies.',
    source: 'podman-login(1), podman-logout(1)',
    remedy,
  },
  {
    id: 'LGN-003',
    title: 'A wrong password is refused at once and not kept',
    severity: 'error',
    why: 'A stored wrong password fails all later pulls, those of public images too.',
    source: 'podman-login(1)',
    remedy,
  },
  {
    id: 'LGN-004',
    title: 'Credentials of the runner’s file are used without a login',
    severity: 'error',
    why: 'The boot contract hands them in as /run/containers/0/auth.json with REGISTRY_AUTH_FILE.',
    source: `boot contract, ${p.auth}; containers-auth.json(5)`,
    remedy,
  },
  {
    id: 'LGN-005',
    title: 'A token service gives a token for the right password and none for a wrong one',
    severity: 'error',
    why: 'Docker Hub and most large registries work with tokens.',
    source: 'distribution, "Token Authentication Specification"',
    remedy,
  },
]
