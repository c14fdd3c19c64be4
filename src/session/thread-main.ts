/** Where a worker thread starts: it knows the connectors and formats that come with Millrace. */
import { serveThread } from '../runtime/threads/thread-server.ts'
import { builtInConnectors, builtInFormats } from './built-ins.ts'

serveThread({ findConnector: builtInConnectors, findFormat: builtInFormats })
