import { pullsFromFaultyRegistry } from './fault-pull.ts'

pullsFromFaultyRegistry('FLT-030', 'FLT-039')
