import type { GuestAgent } from './guest-agent.ts'

/** An expression of netavark's rules, and the option of the kernel that it needs (Linux, net/netfilter/Kconfig). */
interface Expression {
  name: string
  option: string
  rule: string
}

interface Tool {
  name: string
  /** By which netavark says that it was this one. */
  words: RegExp
  /** Makes the chain that rules are tried in, and removes all of it. */
  make: string
  remove: string
  /** The command up to the rule. */
  add: string
  /** What the tool itself needs. */
  option: string
  expressions: readonly Expression[]
}

/** Names of tables and chains that no image has. */
const own = 'harness_probe'

/** What netavark asks of iptables (src/firewall/varktables/types.rs) and of nft (src/firewall/nft.rs). */
export const tools: readonly Tool[] = [
  {
    name: 'iptables',
    words: /iptables/,
    make: `iptables -t nat -N ${own}`,
    remove: `iptables -t nat -F ${own}; iptables -t nat -X ${own}`,
    add: `iptables -t nat -A ${own}`,
    option: 'CONFIG_IP_NF_NAT for the legacy variant, or CONFIG_NFT_NAT and CONFIG_NFT_COMPAT',
    expressions: [
      { name: 'comment', option: 'CONFIG_NETFILTER_XT_MATCH_COMMENT', rule: '-m comment --comment probe' },
      { name: 'MASQUERADE', option: 'CONFIG_NETFILTER_XT_TARGET_MASQUERADE', rule: '-j MASQUERADE' },
      {
        name: 'addrtype',
        option: 'CONFIG_NETFILTER_XT_MATCH_ADDRTYPE',
        rule: '-m addrtype --dst-type LOCAL',
      },
      { name: 'DNAT', option: 'CONFIG_NETFILTER_XT_NAT', rule: '-p tcp -j DNAT --to-destination 10.88.0.2:80' },
      { name: 'MARK', option: 'CONFIG_NETFILTER_XT_MARK', rule: '-j MARK --set-xmark 0x2000/0x2000' },
      { name: 'mark', option: 'CONFIG_NETFILTER_XT_MARK', rule: '-m mark --mark 0x2000/0x2000' },
      { name: 'tcp', option: 'CONFIG_NETFILTER_XTABLES', rule: '-p tcp --dport 80' },
      { name: 'conntrack', option: 'CONFIG_NETFILTER_XT_MATCH_CONNTRACK', rule: '-m conntrack --ctstate RELATED' },
    ],
  },
  {
    name: 'nft',
    words: /nftables|\bnft\b/,
    make: `nft "add table inet ${own}; add chain inet ${own} c { type nat hook postrouting priority 100; }"`,
    remove: `nft "delete table inet ${own}"`,
    add: `nft add rule inet ${own} c`,
    option: 'CONFIG_NF_TABLES, CONFIG_NF_TABLES_INET and CONFIG_NFT_NAT',
    expressions: [
      { name: 'masquerade', option: 'CONFIG_NFT_MASQ', rule: 'masquerade' },
      { name: 'ct state', option: 'CONFIG_NFT_CT', rule: 'ct state established accept' },
      // netavark issue 1057: its rules for published ports, and "Could not process rule" of a kernel without the expression.
      { name: 'fib daddr', option: 'CONFIG_NFT_FIB_INET', rule: 'fib daddr type local accept' },
      { name: 'meta mark', option: 'CONFIG_NF_TABLES', rule: 'meta mark set 0x2000' },
      { name: 'ip saddr', option: 'CONFIG_NF_TABLES', rule: 'ip saddr 10.88.0.0/16 accept' },
    ],
  },
]

/** Words of netavark, iptables and nft by which podman says that a rule or a table was refused. */
export const isOfFirewall = (message: string): boolean =>
  /\bnetavark\b|iptables|nftables|\bnft\b|nf_tables|Could not process rule/i.test(message)

/** An expression that the guest refuses. */
export interface Refusal {
  tool: string
  name: string
  option: string
  said: string
}

const probeTimeoutMs = 30_000

/** The tool whose words a message has; both where it has neither's. */
export function toolsOf(message: string): readonly Tool[] {
  const named = tools.filter(({ words }) => words.test(message))
  return named.length > 0 ? named : tools
}

/** Tries each expression that netavark uses, with the tool that a message is of; those that are refused. */
export async function firewallRefusals(agent: GuestAgent, message: string): Promise<Refusal[]> {
  const refusals: Refusal[] = []
  for (const tool of toolsOf(message)) {
    const result = await agent.shell(probeScript(tool), { timeoutMs: probeTimeoutMs })
    refusals.push(...refusalsIn(tool, result.stdout.toString('utf8')))
  }
  return refusals
}

/** Prints `NAME: what the tool said` for each that is refused; nothing where the image has no such tool. */
const probeScript = ({ name, make, remove, add, expressions }: Tool): string =>
  [
    `command -v ${name} > /dev/null || exit 0`,
    `said=$(${make} 2>&1) || { echo "table: $(echo $said)"; exit 0; }`,
    ...expressions.map((each) => `said=$(${add} ${each.rule} 2>&1) || echo "${each.name}: $(echo $said)"`),
    `{ ${remove}; } 2> /dev/null`,
  ].join('\n')

export function refusalsIn(tool: Tool, output: string): Refusal[] {
  return output.split('\n').flatMap((line) => {
    const [, name = '', said = ''] = /^([\w ]+): (.*)$/.exec(line) ?? []
    const option = name === 'table' ? tool.option : tool.expressions.find((each) => each.name === name)?.option
    return option === undefined ? [] : [{ tool: tool.name, name, option, said }]
  })
}
