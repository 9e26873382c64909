/**
 * Whether tests that need a tool can run here. Without the tool they are skipped with a printed reason, unless
 * PFORGE_PROF_REQUIRE_TOOLS is set (our own machines): there a missing tool is a failure.
 * @throws {Error} the tool is absent and PFORGE_PROF_REQUIRE_TOOLS is set
 */
export function requireTool(name: string, present: boolean): boolean {
  if (present) return true;
  if (process.env.PFORGE_PROF_REQUIRE_TOOLS) {
    throw new Error(`${name} is not here, and PFORGE_PROF_REQUIRE_TOOLS asks for every tool`);
  }
  console.log(`skipped: ${name} is not here`);
  return false;
}

/** Whether tests that need a tool which nobody has to have can run here; the reason is printed where they cannot. */
export function optionalTool(name: string, present: boolean): boolean {
  if (!present) console.log(`skipped: ${name} is not here, and need not be`);
  return present;
}
