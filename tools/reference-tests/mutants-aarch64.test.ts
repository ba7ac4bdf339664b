import { testVariants } from './test-variants.ts'

testVariants('aarch64', 1)
