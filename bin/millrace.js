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
  Promise.all([import('node:module'), import('node:fs'), import('node:os')]).then(modules => {
    var module = modules[0]
    var fs = modules[1]
    var cache = cacheFolder(modules[2])
    if (module.enableCompileCache && cache !== null) module.enableCompileCache(cache)
    // In a checkout there is no build: Node strips the types of src itself.
    var built = new URL('../dist/cli/main.js', import.meta.url)
    var source = new URL('../src/cli/main.ts', import.meta.url)
    var entry = fs.existsSync(source) ? source : built
    return import(entry.href).then(cli => cli.main(process.argv.slice(2)))
  })
}

// Not Node's own default in the shared temporary folder: what lies there is executed, and others may write there.
// Where the folder cannot be written Node goes on without a cache. It keeps its versions apart.
function cacheFolder(os) {
  try {
    return (process.env.XDG_CACHE_HOME || os.homedir().concat('/.cache')).concat('/millrace/compiled')
  } catch (_) {
    // A user without a home, as in some containers.
    return null
  }
}
