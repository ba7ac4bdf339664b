/** What executes the guest's instructions: the processor itself, or QEMU's translation (TCG). */
export type Accelerator = 'kvm' | 'hvf' | 'tcg'
