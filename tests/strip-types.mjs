import { stripTypeScriptTypes } from 'node:module'

/** Jest's transform: what Node itself does with a `.ts` file when the service runs. */
export default {
  process: source => ({ code: stripTypeScriptTypes(source) }),
}
