#!/usr/bin/env node
// Written in syntax that old Node versions read, so that they can say what is wrong in one line.
var required = [22, 18]
var actual = process.versions.node.split('.').map(Number)
if (actual[0] < required[0] || (actual[0] === required[0] && actual[1] < required[1])) {
  process.stderr.write(
    'millrace needs Node.js ' +
      required.join('.') +
      ' or newer, but this is ' +
      process.version +
      ' (' +
      process.execPath +
      ')\n',
  )
  process.exit(2)
} else {
  start()
}

function start() {
  import('node:module').then(module => {
    if (module.enableCompileCache) module.enableCompileCache()
    // In a checkout there is no build: Node strips the types of src itself.
    return import('node:fs').then(fs => {
      var built = new URL('../dist/cli/main.js', import.meta.url)
      var source = new URL('../src/cli/main.ts', import.meta.url)
      var entry = fs.existsSync(source) ? source : built
      return import(entry.href).then(cli => cli.main(process.argv.slice(2)))
    })
  })
}
