import { pullsFromFaultyRegistry } from './fault-pull.ts'

pullsFromFaultyRegistry('FLT-040', 'FLT-049')
