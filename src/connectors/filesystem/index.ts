/** The `filesystem` connector: bounded reading of line files (json, csv, raw; also .gz), at-least-once writing. */
import { stringType } from '../../types/index.ts'
import type { Connector } from '../contract/index.ts'
import { filesystemOptionSpecs, parseFilesystemOptions } from './filesystem-options.ts'
import { createFilesystemSink } from './filesystem-sink.ts'
import { FilesystemSource } from './filesystem-source.ts'

const metadata = ['file.path', 'file.name'].map(key => ({ key, type: stringType(false), writable: false }))

export const filesystemConnector: Connector = {
  name: 'filesystem',
  options: filesystemOptionSpecs,
  capabilities(table, findFormat) {
    parseFilesystemOptions(table, findFormat, 'UTC')
    return {
      source: { bounded: true, changelogMode: 'insert', metadata },
      sink: { changelogMode: 'insert', metadata: [], deliveryGuarantee: 'at-least-once' },
    }
  },
  createSource: (request, job) =>
    new FilesystemSource(
      request,
      parseFilesystemOptions(request.table, name => job.findFormat(name), job.timeZone),
    ),
  createSink: (request, job) =>
    createFilesystemSink(
      request,
      parseFilesystemOptions(request.table, name => job.findFormat(name), job.timeZone),
    ),
}
