import { CallFault } from '../model/faults.ts'
import { pushAttestationOptions } from './attest/push-attestation-call.ts'
import { verifyAttestationOptions } from './attest/verify-attestation-call.ts'
import { bisectOptions } from './bisect/bisect-call.ts'
import { buildOptions } from './build/build-options-table.ts'
import { compareOptions } from './compare/compare-call.ts'
import { mergeOptions } from './parse-merge-call.ts'
import type { Option } from './read-options.ts'
import { shellOptions } from './shell/shell-options.ts'
import { verifyOptions } from './verify-options.ts'

const program = 'vpdmn-conformance'

const optionsOf: Readonly<Record<string, readonly Option[]>> = {
  verify: verifyOptions,
  shell: shellOptions,
  build: buildOptions,
  compare: compareOptions,
  bisect: bisectOptions,
  merge: mergeOptions,
  'verify-attestation': verifyAttestationOptions,
  'push-attestation': pushAttestationOptions,
}

/** zsh runs the script of bash by its own emulation (zshcompsys(1), "bashcompinit"). */
const preambles: Readonly<Record<string, string>> = {
  bash: '',
  zsh: 'autoload -U +X compinit bashcompinit\ncompinit\nbashcompinit\n',
}

/** A script that completes commands, options and file names; `eval "$(vpdmn-conformance completion bash)"` puts it in force. */
export function completionScript(args: readonly string[], commandNames: readonly string[]): string {
  const preamble = args.length === 1 ? preambles[args[0] as string] : undefined
  if (preamble === undefined) throw new CallFault('completion takes the name of a shell: bash or zsh.')
  return `${preamble}_vpdmn_conformance() {
  local word=\${COMP_WORDS[COMP_CWORD]} words
  case \${COMP_WORDS[1]} in
${Object.keys(optionsOf).map(caseOf).join('\n')}
    *) words='${[...commandNames, ...wordsOf('verify')].join(' ')}' ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word") $(compgen -f -- "$word"))
}
complete -o filenames -F _vpdmn_conformance ${program}
`
}

const caseOf = (command: string): string => `    ${command}) words='${wordsOf(command).join(' ')}' ;;`

const wordsOf = (command: string): string[] => (optionsOf[command] ?? []).map(({ name }) => `--${name}`)
