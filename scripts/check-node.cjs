// Runs before scripts written in TypeScript, in syntax every Node reads: says in one line what is wrong with this one.
var parts = process.versions.node.split('.').map(Number)
if (parts[0] < 22 || (parts[0] === 22 && parts[1] < 18)) {
  console.error(
    'This needs Node.js 22.18 or newer, but npm uses ' +
      process.version +
      ': the Node 24 that `npm ci` brings along is not set up. Run `npm rebuild node`, or install a newer Node.js.',
  )
  process.exit(1)
}
