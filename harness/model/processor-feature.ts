import type { ArchitectureName } from './architecture.ts'

/**
 * What programs may need of a processor beyond its architecture's baseline: levels of x86-64 (System V ABI, AMD64 supplement,
 * "Micro-Architecture Levels"), each with all before it, and extensions of Armv8 (Arm ARM, A2.1).
 */
export const processorFeatures = ['x86-64-v2', 'x86-64-v3', 'x86-64-v4', 'lse', 'sve'] as const
export type ProcessorFeature = (typeof processorFeatures)[number]

/** What the processor of the field's runners has where they cannot use KVM: Skylake-Client and cortex-a57 (contract). */
export const runnersFeatures: Record<ArchitectureName, readonly ProcessorFeature[]> = {
  x86_64: ['x86-64-v2', 'x86-64-v3'],
  aarch64: [],
}
