import { testVariants } from './judge-variants.ts'

testVariants('aarch64', 1)
