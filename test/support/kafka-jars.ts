/**
 * Apache Kafka's jars, fetched once by Maven into ~/.cache/millrace/kafka-<version>/lib, and a class data archive
 * that halves the start time. Safe when several test processes ask at once.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>dev.millrace</groupId><artifactId>kafka-for-tests</artifactId><version>1</version><packaging>pom</packaging>
<dependencies>
<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>\${kafka.version}</version></dependency>
<dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
</dependencies></project>`

const works = (command: string, args: readonly string[]): boolean =>
  spawnSync(command, args, { stdio: 'ignore', timeout: 20_000 }).status === 0

/** Why Kafka cannot be started from jars here, or undefined. */
export function missingTools(): string | undefined {
  if (!works('java', ['-version'])) return 'no Java'
  if (!works('mvn', ['-v']) && !['3.9.1', '4.1.1'].some(v => existsSync(join(cacheOf(v), 'complete'))))
    return 'no Maven'
  return undefined
}

export const mavenCache = (name: string): string =>
  join(process.env['MILLRACE_TEST_CACHE'] ?? join(homedir(), '.cache', 'millrace'), name)

const cacheOf = (version: string): string => mavenCache(`kafka-${version}`)

function run(command: string, args: readonly string[], cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    child.stdout.on('data', chunk => (output += chunk))
    child.stderr.on('data', chunk => (output += chunk))
    child.on('error', reject)
    child.on('exit', code =>
      code === 0 ? resolve() : reject(new Error(`${command} ${args[0]} exited with ${code}: ${output}`)),
    )
  })
}

/** Only the tools themselves: what they need is among the broker's jars. */
const toolsPom = `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>dev.millrace</groupId><artifactId>kafka-tools-for-tests</artifactId><version>1</version><packaging>pom</packaging>
<dependencies>
<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-tools</artifactId><version>\${kafka.version}</version>
<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions></dependency>
</dependencies></project>`

/** The folder whose `lib` holds the jars of this version. */
export const kafkaJars = (version: string): Promise<string> => fetchJars(version, cacheOf(version), pom)

/** Class path of Kafka's command line tools. */
export async function kafkaToolsClassPath(version: string): Promise<string> {
  const broker = await kafkaJars(version)
  const tools = await fetchJars(version, `${cacheOf(version)}-tools`, toolsPom)
  return `${broker}/lib/*:${tools}/lib/*`
}

async function fetchJars(version: string, cache: string, project: string): Promise<string> {
  const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies'
  const goal = [plugin, '-DincludeScope=runtime', '-DoutputDirectory=lib']
  return runMavenOnce(cache, [`-Dkafka.version=${version}`, ...goal], scratch =>
    writeFileSync(join(scratch, 'pom.xml'), project),
  )
}

/** The folder `cache` as Maven leaves it: what `prepare` put into it, and what `goal` made of that. Made once. */
export async function runMavenOnce(
  cache: string,
  goal: readonly string[],
  prepare: (folder: string) => void,
): Promise<string> {
  if (existsSync(join(cache, 'complete'))) return cache
  mkdirSync(join(cache, '..'), { recursive: true })
  const scratch = mkdtempSync(`${cache}-`)
  prepare(scratch)
  await run('mvn', ['-q', '-B', ...goal], scratch)
  writeFileSync(join(scratch, 'complete'), '')
  try {
    renameSync(scratch, cache)
  } catch {
    if (!existsSync(join(cache, 'complete'))) {
      rmSync(cache, { recursive: true, force: true })
      renameSync(scratch, cache)
    } else {
      rmSync(scratch, { recursive: true, force: true })
    }
  }
  return cache
}
