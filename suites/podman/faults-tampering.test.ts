import { pullsFromFaultyRegistry } from './fault-pull.ts'

pullsFromFaultyRegistry('FLT-020', 'FLT-029')
