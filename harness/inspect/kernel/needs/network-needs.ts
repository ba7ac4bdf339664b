import type { KernelNeed } from '../shipped-kernel.ts'

const noNetwork = 'no container with a network starts'

const needs = (breaks: string, options: Record<string, string | null>): KernelNeed[] =>
  Object.entries(options).map(([option, module]) => ({ options: { [option]: module }, breaks }))

/** The links and the address translation of podman's bridge networks, whoever writes their rules. */
export const linkNeeds: readonly KernelNeed[] = [
  { options: { BRIDGE: 'bridge' }, symbol: 'br_init', breaks: `podman's networks are bridges: ${noNetwork}` },
  { options: { VETH: 'veth' }, symbol: 'veth_init', breaks: `a container is joined to its bridge by it: ${noNetwork}` },
  { options: { NETFILTER: null }, breaks: `the firewall has nowhere to put its rules: ${noNetwork}` },
  ...needs(`addresses of containers cannot be translated: ${noNetwork}`, {
    NF_CONNTRACK: 'nf_conntrack',
    NF_NAT: 'nf_nat',
  }),
  { options: { PROC_SYSCTL: null }, breaks: `netavark cannot switch on forwarding: ${noNetwork}` },
]

const byNetavark = `netavark writes such rules (src/firewall/nft.rs): ${noNetwork}`

/** What netavark's nftables driver needs: a table of the family inet with chains for filters and for address translation. */
export const nftablesNeeds: readonly KernelNeed[] = [
  { options: { NF_TABLES: 'nf_tables' }, symbol: 'nf_tables_module_init', breaks: byNetavark },
  ...needs(byNetavark, {
    NF_TABLES_INET: null,
    NFT_CT: 'nft_ct',
    NFT_NAT: 'nft_nat',
    NFT_MASQ: 'nft_masq',
    NFT_FIB_INET: 'nft_fib_inet',
  }),
]

const byRules = `netavark and CNI write such rules by iptables: ${noNetwork}`

/** Matches and targets in the rules that netavark and CNI give to iptables, of either kind. */
export const iptablesNeeds: readonly KernelNeed[] = [
  ...needs(byRules, {
    NETFILTER_XTABLES: 'x_tables',
    NETFILTER_XT_MATCH_COMMENT: 'xt_comment',
    NETFILTER_XT_MARK: 'xt_mark',
    NETFILTER_XT_MATCH_ADDRTYPE: 'xt_addrtype',
    NETFILTER_XT_MATCH_CONNTRACK: 'xt_conntrack',
    NETFILTER_XT_MATCH_MULTIPORT: 'xt_multiport',
    NETFILTER_XT_NAT: 'xt_nat',
  }),
  {
    options: { NETFILTER_XT_TARGET_MASQUERADE: 'xt_MASQUERADE', IP_NF_TARGET_MASQUERADE: 'ipt_MASQUERADE' },
    breaks: byRules,
  },
]

/** iptables that writes its rules as nftables (iptables-nft(8)). */
export const iptablesNftNeeds: readonly KernelNeed[] = needs(`the image's iptables is iptables-nft: ${noNetwork}`, {
  NF_TABLES: 'nf_tables',
  NFT_COMPAT: 'nft_compat',
  NFT_NAT: 'nft_nat',
})

/** iptables with tables of its own. */
export const iptablesLegacyNeeds: readonly KernelNeed[] = needs(
  `the image's iptables is iptables-legacy: ${noNetwork}`,
  { IP_NF_FILTER: 'iptable_filter', IP_NF_NAT: 'iptable_nat' },
)
