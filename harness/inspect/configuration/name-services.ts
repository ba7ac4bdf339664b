export const nameServicePath = '/etc/nsswitch.conf'

export interface NameService {
  database: string
  name: string
  /** The actions in brackets behind it, `[NOTFOUND=return]`. */
  actions: string
}

/** The services that nsswitch.conf(5) lists, with the actions behind each. */
export const nameServicesOf = (text: string): NameService[] =>
  text.split('\n').flatMap((line) => {
    const [database = '', list = ''] = line.replace(/#.*/, '').trim().split(/:\s*/, 2)
    return [...list.matchAll(/([^\s[\]]+)\s*((?:\[[^\][]*\]\s*)*)/g)].map(([, name = '', actions = '']) => ({
      database,
      name,
      actions,
    }))
  })
