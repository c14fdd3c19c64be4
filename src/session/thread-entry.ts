/** The module worker threads start with, in source and in a build. */
export const threadEntry = new URL(
  import.meta.url.endsWith('.ts') ? './thread-main.ts' : './thread-main.js',
  import.meta.url,
)
