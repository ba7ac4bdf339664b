import { testVariants } from './test-variants.ts'

testVariants('x86_64', 0)
