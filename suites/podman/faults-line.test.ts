import { pullsFromFaultyRegistry } from './fault-pull.ts'

pullsFromFaultyRegistry('FLT-010', 'FLT-019')
