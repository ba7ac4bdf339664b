import { registerHooks } from 'node:module'

/** What GitHub's own parser has against a workflow or an action. */
export async function gitHubMistakes(kind: 'workflow' | 'action', content: string): Promise<string[]> {
  // The parser imports its schemas as JSON without saying so, which bundlers allow and Node does not.
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const found = next(specifier, context)
      return specifier.endsWith('.json') ? { ...found, importAttributes: { type: 'json' } } : found
    },
  })
  const { NoOperationTraceWriter, parseWorkflow } = await import('@actions/workflow-parser')
  const { parseAction } = await import('@actions/workflow-parser/actions/index')
  hooks.deregister()
  const parseFile = { workflow: parseWorkflow, action: parseAction }[kind]
  const { context } = parseFile({ name: `${kind}.yml`, content }, new NoOperationTraceWriter())
  return context.errors.getErrors().map(({ message }) => message)
}
