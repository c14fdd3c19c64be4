/** Bids of about 200 bytes after Nexmark's: fields and their order, hot channels, padding. */
const START_MS = Date.UTC(2025, 0, 1)
const RECORDS_PER_MS = 10
const hotChannels = ['Google', 'Facebook', 'Baidu', 'Apple']
const NUM_AUCTIONS = 100_000
const padding = 'xkqzvjwpynbgfhdtmsrlc oieauxkqzvjwpynb gfhdtmsrlcoieauxkq'

/** A number that looks random and is the same each time. */
function mixed(n: number, salt: number): number {
  let bits = Math.imul(n ^ salt, 0x9e3779b1)
  bits = Math.imul(bits ^ (bits >>> 15), 0x85ebca6b)
  return (bits ^ (bits >>> 13)) >>> 0
}

/** The n-th bid. */
export function bidRecord(n: number): string {
  const time = new Date(START_MS + Math.floor(n / RECORDS_PER_MS)).toISOString()
  const auction = 1000 + (mixed(n, 1) % NUM_AUCTIONS)
  const price = 100 + (mixed(n, 2) % 10_000_000)
  const draw = mixed(n, 3)
  const channel = draw % 2 === 0 ? hotChannels[(draw >>> 1) % 4]! : `channel-${(draw >>> 1) % 10_000}`
  return `{"auction":${auction},"bidder":${2000 + (mixed(n, 4) % 10_000)},"price":${price},"channel":"${channel}","url":"https://www.nexmark.com/item.htm?query=1","date_time":"${time.slice(0, 10)} ${time.slice(11, 23)}","extra":"${padding.slice(draw % 40)}"}`
}
