import { pullsFromFaultyRegistry } from './fault-pull.ts'

pullsFromFaultyRegistry('FLT-001', 'FLT-009')
