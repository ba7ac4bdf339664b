import { testVariants } from './judge-variants.ts'

testVariants('x86_64', 0)
